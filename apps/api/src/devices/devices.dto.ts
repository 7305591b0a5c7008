import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { PageDto, PageQueryDto } from '../http/page.dto.js';

const PUSHERS_MAX = 50;

export class DeviceQueryDto extends PageQueryDto {
  /** Also retired ones, and those that another continues. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => value === 'true' || value === true)
  @IsBoolean()
  readonly all?: boolean;
}

/** What is left out stays as it is. */
export class DeviceChangeDto {
  /** Gives it to this member. Snapshots that are there stay with whom they belong to. */
  @IsOptional()
  @IsUUID()
  readonly ownerId?: string;

  /** True: it is the household's from now on. */
  @IsOptional()
  @IsBoolean()
  readonly household?: boolean;

  /** A name of one's own, which no backup overwrites; null for the name its backups give. */
  @IsOptional()
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly name?: string | null;

  /** Whether it is not used any more. */
  @IsOptional()
  @IsBoolean()
  readonly retired?: boolean;

  /** The device it replaced, by id: its snapshots count as this one's. Null for none. */
  @IsOptional()
  @ValidateIf((_, value) => value !== null)
  @IsUUID()
  readonly successorOf?: string | null;

  /** All members whose computers may push for it beside its owner's. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PUSHERS_MAX)
  @IsUUID(undefined, { each: true })
  readonly pushableBy?: string[];
}

export class DeviceChangedDto {
  readonly id!: string;
}

/** That a device is backed up, and nothing of what is in the backups. */
export class DeviceHealthDto {
  readonly id!: string;
  readonly name!: string;
  /** Null: the household's. */
  readonly ownerId!: string | null;
  readonly owner!: string | null;
  readonly retiredAt!: Date | null;
  readonly latestTakenAt!: Date | null;
}

export class DeviceHealthPageDto extends PageDto {
  readonly items!: DeviceHealthDto[];
}

/** An iPhone or iPad. */
export class DeviceDto {
  readonly id!: string;
  readonly udid!: string;
  readonly name!: string;
  /** For example `iPhone14,5`. */
  readonly productType!: string | null;
  /** iOS version of the newest backup. */
  readonly productVersion!: string | null;
  readonly createdAt!: Date;
  /** `former`: it belongs to somebody else by now, and older snapshots of it are the member's. */
  readonly owner!: 'me' | 'household' | 'former';
  /** Set when it is not used any more: hidden from the list unless asked for. */
  readonly retiredAt!: Date | null;
  /** The device it replaced, whose snapshots count as its own. */
  readonly successorOf!: string | null;
  /** Members whose computers may push for it beside its owner's. */
  readonly pushableBy!: string[];
  /** How many snapshots are kept. */
  readonly snapshots!: number;
  readonly latestSnapshotId!: string | null;
  readonly latestTakenAt!: Date | null;
}

export class DevicePageDto extends PageDto {
  readonly items!: DeviceDto[];
}
