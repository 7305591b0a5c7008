import { IsOptional, IsString, IsUUID, Length, ValidateIf } from 'class-validator';
import { PageDto, PageQueryDto } from '../http/page.dto.js';

const BUNDLE_ID_MAX_LENGTH = 255;

export class BuyerDto {
  readonly memberId!: string;
  readonly name!: string;
}

/** Why a package stays. */
export class KeptBecauseDto {
  /** `pinned`, `last`, `on-device`, …; `private`: its owner keeps it for themselves; `no-policy`. */
  readonly code!: string;
  readonly text!: string;
}

/** A kept package of a version. Sizes are of stored, encrypted chunks, but `size`. */
export class TimelinePackageDto {
  readonly artifactId!: string;
  readonly fileName!: string;
  /** Bytes of the file. */
  readonly size!: number;
  readonly addedAt!: Date;
  readonly pinned!: boolean;
  /** Kept by its owner alone. */
  readonly private!: boolean;
  /** Somebody else's, who shared it. */
  readonly lent!: boolean;
  /** The member whose devices carry apps of the Apple ID that bought it; null where nothing you may read tells. */
  readonly buyer!: BuyerDto | null;
  /** What it would need if nothing else were kept. Null, as the other two, for what was shared. */
  readonly aloneBytes!: number | null;
  /** Of these, what others need too. */
  readonly sharedBytes!: number | null;
  /** What comes back when only it goes. */
  readonly freesBytes!: number | null;
  readonly reasons!: KeptBecauseDto[];
  /** Sentences about what contradicts itself in the package or cannot be read. */
  readonly problems!: string[];
}

/** A device on which a version was seen installed. */
export class SeenOnDto {
  readonly deviceId!: string;
  readonly deviceName!: string;
  readonly firstAt!: Date;
  readonly lastAt!: Date;
  /** By the newest backup of a device in use. */
  readonly installedNow!: boolean;
}

/** A snapshot that was taken while a version was installed, or offloaded: its data is there, if the app lets it be backed up. */
export class SnapshotWithDataDto {
  readonly snapshotId!: string;
  readonly deviceId!: string;
  readonly takenAt!: Date;
  readonly encrypted!: boolean;
  readonly complete!: boolean;
  readonly offloaded!: boolean;
}

export class AddedAndDroppedDto {
  readonly added!: string[];
  readonly dropped!: string[];
}

export class MinimumOsChangeDto {
  readonly from!: string | null;
  readonly to!: string | null;
}

export class VersionSignalDto {
  readonly kind!: string;
  readonly evidence!: string;
}

/** What differs from the version before, in short: lists name at most ten. */
export class VersionChangesDto {
  /** The version it is compared with: the newest older one of which a package is kept. */
  readonly since!: string;
  /** Bytes of all files, unpacked, more than before. */
  readonly bytes!: number;
  readonly minimumOs!: MinimumOsChangeDto | null;
  readonly permissions!: AddedAndDroppedDto;
  readonly frameworks!: AddedAndDroppedDto;
  /** Signs of a way of earning money that the version before did not have. */
  readonly newSignals!: VersionSignalDto[];
}

export class GapDto {
  /** `about-to-be-lost`: a device has it now and there is a newer one; `seen`: seen installed; `data`: backups hold its data, no device has it. */
  readonly kind!: 'about-to-be-lost' | 'seen' | 'data';
  /** What to do next, in one sentence. */
  readonly next!: string;
}

/** A version of an app that a package is kept of, or that a backup tells of. */
export class TimelineEntryDto {
  /** Of the version, whether anything of it is kept or not. */
  readonly id!: string;
  readonly bundleId!: string;
  readonly name!: string | null;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
  /** Other versions shown under the same number of the store. */
  readonly alsoShown!: string[];
  /** As the store says; of many apps every version has the first one's date. */
  readonly releasedAt!: Date | null;
  readonly packages!: TimelinePackageDto[];
  readonly minimumOs!: string | null;
  /** 1 iPhone, 2 iPad, … */
  readonly deviceFamilies!: number[];
  readonly architectures!: string[];
  readonly seen!: SeenOnDto[];
  /** The newest ten snapshots that were taken with it. */
  readonly data!: SnapshotWithDataDto[];
  /** How many there are. */
  readonly dataSnapshots!: number;
  readonly changes!: VersionChangesDto | null;
  /** How it stands to the first version that wants a subscription; null when none is known. */
  readonly subscription!: 'before' | 'from-here' | 'after' | null;
  /** Set when no package is kept. */
  readonly gap!: GapDto | null;
}

export class TimelineDto extends PageDto {
  /** Newest first. */
  readonly items!: TimelineEntryDto[];
}

export class GapsQueryDto extends PageQueryDto {
  /** Only what this device, or one it continues, tells of. */
  @IsOptional()
  @IsUUID()
  readonly deviceId?: string;
}

export class GapDeviceDto {
  readonly deviceId!: string;
  readonly deviceName!: string;
  readonly lastAt!: Date;
  readonly installedNow!: boolean;
}

/** A version that was seen and of which no package is kept. */
export class FoundGapDto extends GapDto {
  /** Of the version, as in a timeline. */
  readonly id!: string;
  readonly bundleId!: string;
  readonly name!: string | null;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
  /** The App Store's number of the app. */
  readonly itemId!: string | null;
  /** Null: recorded before this was looked at. */
  readonly fromStore!: boolean | null;
  readonly devices!: GapDeviceDto[];
  /** Snapshots that were taken with it. */
  readonly snapshots!: number;
  readonly newestSnapshotId!: string;
}

export class GapPageDto extends PageDto {
  /** The most pressing first. */
  readonly items!: FoundGapDto[];
}

export class AppLinkRequestDto {
  /** The bundle id the app goes on under; null takes the link back. */
  @ValidateIf((dto: AppLinkRequestDto) => dto.to !== null)
  @IsString()
  @Length(1, BUNDLE_ID_MAX_LENGTH)
  readonly to!: string | null;
}

export class AppLinkDto {
  readonly bundleId!: string;
  readonly to!: string | null;
}
