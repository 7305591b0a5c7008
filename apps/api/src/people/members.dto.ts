import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { PageDto } from '../http/page.dto.js';

export class MemberDto {
  readonly id!: string;
  readonly name!: string;
  readonly role!: 'admin' | 'member' | 'limited';
  readonly joinedAt!: Date;
  /** Set when the membership has ended but for reading, until then. */
  readonly leavingUntil!: Date | null;
  /** Member an administrator wants their things handed to; waits for their own word. For administrators and themselves. */
  readonly handOverTo!: string | null;
  /** For administrators and themselves. */
  readonly email!: string | null;
  /** For administrators and themselves. */
  readonly lastBackupAt!: Date | null;
  /** Bytes of their files in all. For administrators and themselves. */
  readonly logicalBytes!: number | null;
}

export class MemberPageDto extends PageDto {
  readonly items!: MemberDto[];
}

export class ChangeMemberDto {
  @IsOptional()
  @IsIn(['admin', 'member', 'limited'])
  readonly role?: 'admin' | 'member' | 'limited';

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly name?: string;
}

export class EndMembershipDto {
  /**
   * What becomes of the person's things. `bin`: what is theirs alone goes to the bin. `hand-over`: all of it belongs to another member; that is for
   * its owner to say. `export`: they may read until a day, then it goes to the bin.
   */
  @IsIn(['bin', 'hand-over', 'export'])
  readonly data!: 'bin' | 'hand-over' | 'export';

  /** Of `hand-over`: the member. */
  @IsOptional()
  @IsUUID()
  readonly to?: string;

  /** Of `export`: the last moment of reading; 30 days from now without it. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @MaxLength(40)
  readonly until?: string;

  /** What `confirm` of the answer to a dry run asks for. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @MaxLength(400, { each: true })
  readonly confirm?: string[];

  /** Only says what would happen. */
  @IsOptional()
  @IsBoolean()
  readonly dryRun?: boolean;
}

/** What the end of a membership does, or would do. */
export class EndedMembershipDto {
  readonly memberId!: string;
  readonly name!: string;
  readonly data!: 'bin' | 'hand-over' | 'export';
  /** `waiting`: until they agree to the hand-over themselves. */
  readonly status!: 'planned' | 'ended' | 'leaving' | 'waiting';
  readonly devices!: number;
  readonly snapshots!: number;
  readonly packages!: number;
  /** Bytes of their files. */
  readonly logicalBytes!: number;
  /** Stored bytes that come back when the bin's time is over. */
  readonly freedBytes!: number;
  /** Of `bin`: undo is possible until then. Of `export`: the last moment of reading. */
  readonly until!: Date | null;
  /** The name to agree with. */
  readonly confirm!: string;
}
