import { PageDto } from '../http/page.dto.js';

/** Something that was done to what is kept. It outlives what it tells of. */
export class AuditLineDto {
  readonly id!: string;
  readonly at!: Date;
  /** Who did it; null when a rule did it by itself. */
  readonly member!: string | null;
  readonly rule!: string | null;
  /**
   * `forgotten`, `undone`, `removed`, `pinned`, `unpinned`, `policy-set`, `bin-emptied`, `collected`,
   * `restored`, `downloaded`, `shared`, `share-revoked`, `share-refused`, `made-private`, `made-household-wide`, `device-…`
   */
  readonly action!: string;
  readonly subjectKind!: string;
  readonly subjectId!: string | null;
  readonly subject!: string;
  /** Stored bytes that come back by it, where that is known. */
  readonly bytes!: number | null;
}

export class AuditPageDto extends PageDto {
  readonly items!: AuditLineDto[];
}
