import { ArrayMaxSize, IsArray, IsIn, IsUUID } from 'class-validator';
import { STORAGE_GROUPS } from '@rootcellar/archive';
import { PageDto } from '../http/page.dto.js';

/** As many as a JSON body has room for. */
const IDS_MAX = 6500;

export class StorageGroupQueryDto {
  @IsIn(STORAGE_GROUPS)
  readonly by!: 'member' | 'device' | 'app' | 'version' | 'snapshot' | 'artifact';
}

export class FreesQueryDto {
  /** Snapshots and packages, at most 6500. */
  @IsArray()
  @ArrayMaxSize(IDS_MAX)
  @IsUUID(undefined, { each: true })
  readonly ids!: string[];
}

export class FreesDto {
  /** What comes back when all of these are gone and collected. */
  readonly freedBytes!: number;
}

/** A device, member, app, version, snapshot or package, without what is in the bin. */
export class GroupStorageDto {
  readonly id!: string;
  readonly name!: string;
  /** Snapshots and packages in it. */
  readonly items!: number;
  /** Bytes of its files, as files. */
  readonly logicalBytes!: number;
  /** Stored bytes it needs, shared or not. */
  readonly neededBytes!: number;
  /** Of these, what only it needs. */
  readonly uniqueBytes!: number;
  readonly sharedBytes!: number;
}

export class GroupStoragePageDto extends PageDto {
  readonly items!: GroupStorageDto[];
}

/** How the household's packs lie in the store. */
export class PackStorageDto {
  readonly storedBytes!: number;
  /** Of the stored bytes, chunks. */
  readonly payloadBytes!: number;
  /** The rest: the packs' own indexes. */
  readonly overheadBytes!: number;
  /** Chunks that nothing needs and no open upload holds. */
  readonly collectableBytes!: number;
  /** Chunks that only open uploads hold. */
  readonly uploadBytes!: number;
  /** Packs that wait for their deletion. */
  readonly condemnedBytes!: number;
}

/** When the packs reach a limit if they go on growing as they did. */
export class ForecastDto {
  readonly bytesPerDay!: number;
  readonly days!: number;
  readonly limit!: 'budget' | 'disk';
  readonly limitBytes!: number;
  /** A day; null when nothing grows, or not within ten years. */
  readonly fullOn!: string | null;
  /** How that was reckoned. */
  readonly method!: string;
}

/** What is used of a quota, the bin included. */
export class LimitedUseDto {
  readonly usedBytes!: number;
  /** Null without a quota. */
  readonly quotaBytes!: number | null;
  /** 80 or 95 when so much of the quota is used (percent), else 0. */
  readonly level!: number;
}

export class MemberUseDto extends LimitedUseDto {
  readonly memberId!: string;
  readonly name!: string;
  /** What comes back when everything of theirs goes, from the bin too. */
  readonly freesBytes!: number;
}

export class StorageUseDto {
  /** For administrators. */
  readonly household!: LimitedUseDto | null;
  /** One's own; for administrators everybody's. What several need is split evenly between them. */
  readonly members!: MemberUseDto[];
}

export class StorageDto {
  /** Bytes of all files, as files, of what is not in the bin. */
  readonly logicalBytes!: number;
  /** Stored bytes that it needs. */
  readonly neededBytes!: number;
  /** Of the needed: by one snapshot or package only … */
  readonly uniqueBytes!: number;
  /** … and by several. */
  readonly sharedBytes!: number;
  /** Needed only by what is in the bin. */
  readonly binBytes!: number;
  /** For administrators. */
  readonly packs!: PackStorageDto | null;
  readonly members!: GroupStorageDto[];
  readonly devices!: GroupStorageDto[];
  readonly apps!: GroupStorageDto[];
  /** For administrators, after a few days and where there is a limit. */
  readonly forecast!: ForecastDto | null;
  readonly use!: StorageUseDto;
}

/** Sizes at the end of a day. */
export class StorageDayDto {
  /** The day. */
  readonly id!: string;
  readonly day!: string;
  readonly logicalBytes!: number;
  readonly storedBytes!: number;
  readonly neededBytes!: number;
  readonly binBytes!: number;
}

export class StorageDayPageDto extends PageDto {
  readonly items!: StorageDayDto[];
}
