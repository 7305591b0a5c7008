import { IsOptional, IsUUID } from 'class-validator';
import { PageDto, PageQueryDto } from '../http/page.dto.js';

export class InstallabilityQueryDto extends PageQueryDto {
  /** This device alone; without it all you hold that are not retired. */
  @IsOptional()
  @IsUUID()
  readonly deviceId?: string;
}

/** Something in a package that contradicts it, or is not what it should be. What the app itself says counts. */
export class PackageProblemDto {
  readonly code!:
    | 'metadata-unreadable'
    | 'metadata-too-large'
    | 'metadata-other-app'
    | 'metadata-other-version'
    | 'rights-missing'
    | 'rights-other-app'
    | 'rights-unreadable'
    | 'artwork-no-picture';
  /** For people, in English. */
  readonly message!: string;
}

/** Which package is spoken of. */
export class NamedPackageDto {
  readonly id!: string;
  readonly bundleId!: string;
  readonly name!: string;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
}

export class JudgedPackageDto extends NamedPackageDto {
  readonly problems!: PackageProblemDto[];
}

/** The package's app as it is on the device now. */
export class AppOnDeviceDto {
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
  /** Its data are there, the app itself is not. */
  readonly offloaded!: boolean;
}

/** A device as the newest of its backups you may read tells of it. */
export class JudgedDeviceDto {
  readonly id!: string;
  readonly name!: string;
  readonly productType!: string | null;
  readonly productVersion!: string | null;
  /** When that backup was taken; null when there is none. */
  readonly asOf!: Date | null;
  readonly installed!: AppOnDeviceDto | null;
}

/** Something the file decides; `unknown` where it or the device does not say. */
export class InstallCheckDto {
  readonly check!: 'minimum-os' | 'platform' | 'family' | 'processor' | 'capabilities';
  readonly verdict!: 'yes' | 'no' | 'unknown';
  readonly reason!: string;
  /** How the device says no; Apple's names. */
  readonly failure!: string | null;
}

/** Whom the package is for. Decides nothing by itself. */
export class InstallFactDto {
  readonly fact!: 'store-package' | 'rights' | 'same-apple-id';
  readonly answer!: 'yes' | 'no' | 'unknown';
  readonly reason!: string;
}

/** What only the device or Apple's server decides, and what it would look like. */
export class InstallRiskDto {
  readonly risk!:
    | 'other-apple-id'
    | 'no-rights'
    | 'foreign-rights'
    | 'signature-expired'
    | 'signature-age'
    | 'app-server';
  readonly reason!: string;
  readonly looksLike!: string;
}

/** A package on one device. */
export class InstallabilityDto {
  /** Of the device. */
  readonly id!: string;
  readonly device!: JudgedDeviceDto;
  /** `no` when one check says no, `yes` when all say yes. */
  readonly installs!: 'yes' | 'no' | 'unknown';
  readonly checks!: InstallCheckDto[];
  readonly facts!: InstallFactDto[];
  readonly risks!: InstallRiskDto[];
}

export class InstallabilityPageDto extends PageDto {
  readonly package!: JudgedPackageDto;
  readonly items!: InstallabilityDto[];
}
