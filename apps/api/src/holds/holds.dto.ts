import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { PageDto, PageQueryDto } from '../http/page.dto.js';

export class HoldQueryDto extends PageQueryDto {
  /** Only of this device. */
  @IsOptional()
  @IsUUID()
  readonly deviceId?: string;
}

/** Which version is to stay on which device: the store's number or the version shown; without both, what the device's newest backup shows. */
export class HoldRequestDto {
  @IsUUID()
  readonly deviceId!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(300)
  readonly bundleId!: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  readonly version?: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  readonly build?: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  readonly externalVersionId?: string;
}

export class HoldSetDto {
  readonly id!: string;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
}

/** "This app stays at this version on this device." It prevents nothing there: a backup that shows another version raises an alert. */
export class HoldDto {
  readonly id!: string;
  readonly deviceId!: string;
  readonly deviceName!: string;
  readonly bundleId!: string;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
  readonly since!: Date;
  /** Who set it; null when they are not there any more. */
  readonly by!: string | null;
  /** The rollback it came from, where that is one's own. */
  readonly planId!: string | null;
}

export class HoldPageDto extends PageDto {
  readonly items!: HoldDto[];
}

export class AlertQueryDto extends PageQueryDto {
  /** Also those that somebody said they have seen. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => value === 'true' || value === true)
  @IsBoolean()
  readonly dismissed?: boolean;
}

export class NamedVersionDto {
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
}

/** A backup shows another version than is held on its device. */
export class AlertDto {
  readonly id!: string;
  readonly deviceId!: string;
  readonly deviceName!: string;
  readonly bundleId!: string;
  readonly holdId!: string;
  readonly held!: NamedVersionDto;
  readonly seen!: NamedVersionDto;
  /** The backup, as long as it is kept. */
  readonly snapshotId!: string;
  readonly raisedAt!: Date;
  readonly dismissedAt!: Date | null;
}

export class AlertPageDto extends PageDto {
  readonly items!: AlertDto[];
}
