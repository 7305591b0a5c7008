import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';

const MAX_SIZE = 2 ** 50;

/** What will be sent. */
export class OpenUploadDto {
  @IsIn(['snapshot', 'artifact'])
  readonly kind!: 'snapshot' | 'artifact';

  /** Snapshot: the device, 40 hex digits or the newer form with a dash. */
  @ValidateIf((dto: OpenUploadDto) => dto.kind === 'snapshot')
  @Matches(/^([0-9a-f]{40}|[0-9A-F]{8}-[0-9A-F]{16})$/)
  readonly udid?: string;

  /** Snapshot: the device's name, for the list of uploads. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly deviceName?: string;

  /** Snapshot: whose a new device is, a member's id or `household`; without it, whoever pushes. */
  @IsOptional()
  @Matches(/^(household|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/)
  readonly owner?: string;

  /** Artifact: SHA-256 of the file, 64 lower-case hex digits. */
  @ValidateIf((dto: OpenUploadDto) => dto.kind === 'artifact')
  @Matches(/^[0-9a-f]{64}$/)
  readonly sha256?: string;

  /** Artifact: bytes of the file. */
  @ValidateIf((dto: OpenUploadDto) => dto.kind === 'artifact')
  @IsInt()
  @Min(0)
  @Max(MAX_SIZE)
  readonly size?: number;

  /** Artifact: its name, kept for people. */
  @ValidateIf((dto: OpenUploadDto) => dto.kind === 'artifact')
  @IsString()
  @MaxLength(1000)
  readonly fileName?: string;

  /** Artifact: keep it for oneself alone. */
  @IsOptional()
  @IsBoolean()
  readonly private?: boolean;
  /** Snapshot: bytes of all files of the backup: a quota without room for it refuses before anything is sent. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_SIZE)
  readonly logicalBytes?: number;

  /** An upload that was left open: goes on with it when it fits. */
  @IsOptional()
  @IsUUID()
  readonly resume?: string;
}

/** How much of a quota is used; stored bytes. */
export class QuotaStateDto {
  readonly scope!: 'household' | 'member';
  /** Null for the household's. */
  readonly usedBytes!: number | null;
  readonly quotaBytes!: number;
  /** 80 or 95 when so much of it is used (percent), else 0. */
  readonly level!: number;
}

/** An open upload, or word that the package is kept already. */
export class OpenedUploadDto {
  readonly status!: 'open' | 'already-kept';
  readonly uploadId!: string | null;
  /** True when a left-open upload goes on. */
  readonly resumed!: boolean;
  /** Database time; traffic moves it. */
  readonly expiresAt!: Date | null;
  /** Seed of the chunker's gear table, 32 bytes in base64. */
  readonly gearSeed!: string | null;
  /** The quota that is fuller, of those that concern the member; null without one. */
  readonly quota!: QuotaStateDto | null;
  readonly artifactId!: string | null;
}

/** Acknowledges chunks: they are durable. */
export class ReceivedChunksDto {
  readonly chunks!: number;
  /** Plain bytes that were not stored before. */
  readonly newBytes!: number;
}

/** What the sender found in the folder that the bytes do not tell. */
export class CommitQueryDto {
  /** Files that Manifest.db lists and the folder lacks. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  readonly missingFiles?: number;

  /** Files that do not match Apple's Digest. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  readonly damagedFiles?: number;
}

/** The outcome of a commit: a root, or the chunks to send before the next try. */
export class CommitDto {
  readonly status!: 'committed' | 'added' | 'already-kept' | 'missing';
  /** Chunk ids to send, at most 4096. */
  readonly missing!: string[];
  readonly snapshot!: CommittedSnapshotDto | null;
  readonly artifact!: CommittedArtifactDto | null;
}

export class CommittedSnapshotDto {
  readonly snapshotId!: string;
  readonly deviceId!: string;
  readonly files!: number;
  readonly logicalBytes!: number;
  readonly newBytes!: number;
  readonly storedBytes!: number;
}

export class CommittedArtifactDto {
  readonly artifactId!: string;
  readonly bundleId!: string;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
  readonly newBytes!: number;
}
