import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { InstallCheckDto, InstallFactDto, InstallRiskDto } from '../apps/installability.dto.js';
import { PageDto } from '../http/page.dto.js';

export class RollbackRequestDto {
  @IsString()
  @MaxLength(255)
  readonly bundleId!: string;

  @IsUUID()
  readonly deviceId!: string;

  /** The package to go back to; without it the version held there, or the newest kept one older than what is installed, before the subscription where that is known. */
  @IsOptional()
  @IsUUID()
  readonly artifactId?: string;
}

/** Something in one sentence, with a name for programs. */
export class SaidDto {
  readonly code!: string;
  /** For people, in English. */
  readonly text!: string;
}

export class PlannedVersionDto {
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
}

export class PlannedAppDto {
  readonly bundleId!: string;
  readonly name!: string;
}

export class PlannedDeviceDto {
  readonly id!: string;
  readonly udid!: string;
  readonly name!: string;
  readonly productType!: string | null;
  readonly productVersion!: string | null;
}

/** What the device's newest backup says of the app. */
export class InstalledNowDto extends PlannedVersionDto {
  readonly snapshotId!: string;
  readonly takenAt!: Date;
  readonly encrypted!: boolean;
  /** False: the backup does not list the app; the version is the last one that was seen there. */
  readonly onDevice!: boolean;
}

export class PlannedPackageDto extends PlannedVersionDto {
  readonly artifactId!: string;
  readonly fileName!: string;
  /** What it is called in a kit. */
  readonly kitName!: string;
  readonly size!: number;
  /** 64 hex digits. */
  readonly sha256!: string;
  readonly chosen!: 'asked-for' | 'held' | 'before-subscription' | 'newest-older';
  /** By the App Store; null: its executable does not tell. */
  readonly storeEncrypted!: boolean | null;
  /** Where the buyer's rights are. */
  readonly sinf!: 'in-package' | 'in-backup' | 'nowhere';
  readonly metadata!: 'in-package' | 'in-backup' | 'nowhere';
  /** The backup that has what the package lacks. */
  readonly storeFilesFrom!: string | null;
}

export class PlannedDomainDto {
  readonly domain!: string;
  readonly files!: number;
  readonly bytes!: number;
}

/** The data that goes with the version. */
export class PlannedDataDto {
  readonly snapshotId!: string;
  readonly takenAt!: Date;
  /** What was installed when it was taken. */
  readonly installed!: PlannedVersionDto;
  readonly sameVersion!: boolean;
  /** It is the newest backup itself. */
  readonly isNewest!: boolean;
  readonly complete!: boolean;
  readonly files!: number;
  readonly bytes!: number;
  readonly domains!: PlannedDomainDto[];
}

/** A snapshot with its date. */
export class DatedSnapshotDto {
  readonly snapshotId!: string;
  readonly takenAt!: Date;
}

/** Something an older version of the app may stumble over. */
export class DowngradeFindingDto {
  readonly code!: string;
  readonly text!: string;
  /** `<domain>/<path>` */
  readonly path!: string | null;
  readonly weight!: 'stumble' | 'note';
}

export class DowngradeSafetyDto {
  readonly verdict!: 'unchanged' | 'changed' | 'same-backup' | 'unknown';
  readonly summary!: string;
  readonly comparedWith!: DatedSnapshotDto | null;
  /** How many were found. */
  readonly databases!: number;
  readonly findings!: DowngradeFindingDto[];
}

export class PlanInstallabilityDto {
  readonly installs!: 'yes' | 'no' | 'unknown';
  readonly checks!: InstallCheckDto[];
  readonly facts!: InstallFactDto[];
  readonly risks!: InstallRiskDto[];
}

export class RollbackStepDto {
  readonly name!: 'fresh-backup' | 'install-package' | 'put-data-back' | 'verify' | 'hold';
  readonly title!: string;
  readonly text!: string;
  /** What to type, when it is done by hand in a kit's folder. */
  readonly commands!: string[];
  /** False: there is nothing to do in this step. */
  readonly needed!: boolean;
}

/** How the update is kept from coming back. */
export class AgainstUpdatesDto {
  readonly confirmed!: string[];
  readonly notConfirmed!: string[];
}

/** How an app goes back to a version that is kept. Of one whose ground may not be read any more, only that it is expired is told. */
export class RollbackPlanDto {
  readonly id!: string;
  readonly createdAt!: Date;
  readonly expiresAt!: Date;
  readonly state!:
    'planned' | 'backed-up' | 'installed' | 'data-restored' | 'verified' | 'held' | 'given-up';
  readonly stateAt!: Date;
  /** The backup that was made before anything else was done. */
  readonly backupSnapshotId!: string | null;
  readonly expired!: boolean;
  readonly expiredBecause!: SaidDto[];
  readonly app!: PlannedAppDto;
  readonly device!: PlannedDeviceDto;
  readonly installed!: InstalledNowDto | null;
  readonly target!: PlannedPackageDto | null;
  readonly installability!: PlanInstallabilityDto | null;
  readonly data!: PlannedDataDto | null;
  /** A newer, or the only, snapshot of that time, which is encrypted. */
  readonly lockedData!: DatedSnapshotDto | null;
  readonly downgrade!: DowngradeSafetyDto | null;
  readonly steps!: RollbackStepDto[];
  readonly updates!: AgainstUpdatesDto;
  /** Why nothing can be done before that has changed. */
  readonly blocking!: SaidDto[];
  readonly warnings!: SaidDto[];
}

export class RollbackPlanLineDto {
  readonly id!: string;
  readonly bundleId!: string;
  readonly deviceId!: string;
  readonly deviceName!: string | null;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly artifactId!: string | null;
  readonly dataSnapshotId!: string | null;
  readonly state!:
    'planned' | 'backed-up' | 'installed' | 'data-restored' | 'verified' | 'held' | 'given-up';
  readonly createdAt!: Date;
  readonly expiresAt!: Date;
  readonly expired!: boolean;
  readonly blocked!: boolean;
}

export class RollbackPlanPageDto extends PageDto {
  readonly items!: RollbackPlanLineDto[];
}

/** What the App Store gave with the app, where the package lacks it; base64. It belongs to whose backup it is out of, and names the buyer. */
export class StoreFilesDto {
  readonly sinf!: string | null;
  readonly metadata!: string | null;
}
