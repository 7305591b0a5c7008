import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { PageDto, PageQueryDto } from '../http/page.dto.js';
import { SharedDto } from '../shares/shared.dto.js';

export class SnapshotQueryDto extends PageQueryDto {
  /** Only snapshots of this device. */
  @IsOptional()
  @IsUUID()
  readonly deviceId?: string;
}

/** One immutable state of one device. */
export class SnapshotDto {
  readonly id!: string;
  readonly deviceId!: string;
  readonly deviceName!: string;
  /** Null, as all that tells of the rest, when one app's data was shared only. */
  readonly udid!: string | null;
  /** When the device made the backup. */
  readonly takenAt!: Date;
  /** When it was stored here. */
  readonly createdAt!: Date;
  readonly files!: number | null;
  /** Bytes of its files. */
  readonly logicalBytes!: number | null;
  /** Bytes of it that nothing stored before had. */
  readonly newBytes!: number | null;
  /** Encrypted by the device: its list of files needs the backup's password. */
  readonly encrypted!: boolean;
  /** False when files were missing or damaged in the folder that was pushed. */
  readonly complete!: boolean;
  readonly missingFiles!: number;
  readonly damagedFiles!: number;
  readonly productVersion!: string | null;
  readonly buildVersion!: string | null;
  /** Nothing removes it. */
  readonly pinned!: boolean;
  /** Set while it is in the bin: undo is possible until then. */
  readonly goneAfter!: Date | null;
  /** Whose it is: the member's, the household's, or somebody's who shared it. */
  readonly owner!: 'me' | 'household' | 'shared';
  readonly shared!: SharedDto | null;
}

export class SnapshotPageDto extends PageDto {
  readonly items!: SnapshotDto[];
}

export class FileQueryDto {
  /** Apple's domain, for example `CameraRollDomain`. Without it the list is of domains. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly domain?: string;

  /** A file, or a folder with everything below it. */
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  readonly path?: string;

  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  readonly cursor?: string;

  /** Items a page, 1 to 1000. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly limit?: number;
}

/** A domain, or a file or folder of one, as Manifest.db lists it. */
export class BackupFileDto {
  /** fileID; for a domain its name. */
  readonly id!: string;
  readonly domain!: string;
  readonly path!: string;
  readonly type!: 'domain' | 'file' | 'folder' | 'link' | 'other';
  /** Bytes of a file; of a domain, the number of its files instead, see `files`. */
  readonly size!: number | null;
  readonly modifiedAt!: Date | null;
  /** Rows of a domain. */
  readonly files!: number | null;
}

export class BackupFilePageDto extends PageDto {
  readonly items!: BackupFileDto[];
}

export class StreamQueryDto {
  /** Go on behind this path. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  readonly after?: string;

  /** Only this domain's files, under their own names: `<domain>/<path>`. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly domain?: string;

  /** With `domain`: this file, or this folder and what is below it. */
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  readonly path?: string;
}
