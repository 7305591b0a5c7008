import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Min } from 'class-validator';
import { PageDto } from '../http/page.dto.js';

/** Something that was done. It outlives what it tells of. */
export class AuditLineDto {
  readonly id!: string;
  readonly at!: Date;
  /** Who did it; null when a rule did it by itself. */
  readonly member!: string | null;
  /** Whom it concerns, if anybody. */
  readonly concerns!: string | null;
  readonly rule!: string | null;
  /**
   * `forgotten`, `undone`, `removed`, `pinned`, `unpinned`, `policy-set`, `bin-emptied`, `collected`,
   * `restored`, `downloaded`, `shared`, `share-revoked`, `share-refused`, `made-private`, `made-household-wide`, `device-…`
   */
  readonly action!: string;
  readonly subjectKind!: string;
  /** Null for others' snapshots and packages. */
  readonly subjectId!: string | null;
  /** Of others' snapshots the device only; of others' packages empty. */
  readonly subject!: string;
  /** Stored bytes that come back by it, or that it sets, where that is known. */
  readonly bytes!: number | null;
  /** IP address of who asked. */
  readonly fromAddress!: string | null;
  /** What program asked, as it says itself. */
  readonly fromAgent!: string | null;
  /** Name of the sign-in it was asked with. */
  readonly signIn!: string | null;
  /** Number of the line in the household, without gaps. */
  readonly seq!: number;
  /** SHA-256 of the line and the hash of the line before it; 64 hex digits. */
  readonly hash!: string;
}

export class AuditPageDto extends PageDto {
  readonly items!: AuditLineDto[];
}

export class AuditExportQueryDto {
  /** `csv` without it. */
  @IsOptional()
  @IsIn(['csv', 'json'])
  readonly format?: 'csv' | 'json';
}

export class AuditVerifyQueryDto {
  /** Of a head that was kept elsewhere. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  readonly seq?: number;

  /** Of that head, 64 hex digits. */
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  readonly hash?: string;
}

/** The last line: kept elsewhere it shows later whether anything before it was changed. */
export class AuditHeadDto {
  readonly seq!: number;
  readonly hash!: string;
}

export class AuditBreakDto {
  readonly seq!: number;
  readonly why!: string;
}

export class AuditVerificationDto {
  readonly intact!: boolean;
  /** How many lines were reckoned anew. */
  readonly lines!: number;
  readonly head!: AuditHeadDto;
  /** The first line that is not as it was written. */
  readonly broken!: AuditBreakDto | null;
}
