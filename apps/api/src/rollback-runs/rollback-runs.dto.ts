import { Type } from 'class-transformer';
import {
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';

export const STEP_NAMES = [
  'fresh-backup',
  'install-package',
  'put-data-back',
  'verify',
  'hold',
] as const;
const OUTCOMES = ['started', 'going-on', 'done', 'failed'] as const;

/** A version as the device itself lists it. */
export class SeenVersionDto {
  /** CFBundleShortVersionString */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly version?: string;

  /** CFBundleVersion */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly build?: string;

  @IsOptional()
  @IsString()
  @MaxLength(32)
  readonly externalVersionId?: string;
}

/** What an agent tells of a step. */
export class StepReportDto {
  /** Made by the agent; telling it twice is telling it once. */
  @IsUUID()
  readonly id!: string;

  /** Of this start of the command. */
  @IsUUID()
  readonly runner!: string;

  /** For people: which computer it is. */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly computer!: string;

  @IsIn(STEP_NAMES)
  readonly step!: (typeof STEP_NAMES)[number];

  /** `going-on`: nothing but that the computer is still there; without it others may go on after two minutes. */
  @IsIn(OUTCOMES)
  readonly outcome!: (typeof OUTCOMES)[number];

  /** Of `fresh-backup` that is done: the snapshot it became. */
  @IsOptional()
  @IsUUID()
  readonly snapshotId?: string;

  /** Of `install-package` and `verify` that are done: what the device itself lists; left out when it does not list the app. */
  @IsOptional()
  @ValidateNested()
  @Type(() => SeenVersionDto)
  readonly seen?: SeenVersionDto;

  /** Of what failed: an error code. */
  @IsOptional()
  @IsString()
  @Matches(/^[A-Z][A-Z_]{0,63}$/)
  readonly reason?: string;
}

export class StepRecordDto {
  readonly id!: string;
  readonly step!: (typeof STEP_NAMES)[number];
  readonly outcome!: 'started' | 'done' | 'failed';
  /** Why it failed: an error code. */
  readonly reason!: string | null;
  readonly at!: Date;
}

/** How far a rollback has come. */
export class RunDto {
  readonly planId!: string;
  readonly state!:
    'planned' | 'backed-up' | 'installed' | 'data-restored' | 'verified' | 'held' | 'given-up';
  /** What comes next; null when nothing is left to do. */
  readonly next!: (typeof STEP_NAMES)[number] | null;
  /** Which computer works on it; null for none. */
  readonly computer!: string | null;
  /** The last 100 reports, oldest first. */
  readonly items!: StepRecordDto[];
}
