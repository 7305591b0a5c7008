import { IsBoolean } from 'class-validator';
import { PageDto } from '../http/page.dto.js';
import { SharedDto } from '../shares/shared.dto.js';
import { PackageProblemDto } from './installability.dto.js';

/** An app of the household's library. */
export class AppDto {
  readonly id!: string;
  /** For Android `android:` and the package name: apps of both platforms never mix. */
  readonly bundleId!: string;
  readonly name!: string;
  readonly versions!: number;
  readonly artifacts!: number;
  /** Bytes of its packages as files. */
  readonly logicalBytes!: number;
}

export class AppPageDto extends PageDto {
  readonly items!: AppDto[];
}

/** One kept package file. */
export class ArtifactDto {
  readonly id!: string;
  readonly fileName!: string;
  readonly sha256!: string;
  readonly size!: number;
  readonly createdAt!: Date;
  /** What the package says of itself: minimum iOS, families, architectures … */
  readonly facts!: Readonly<Record<string, unknown>>;
  /**
   * Of a package for Android, how its signer stands to that of the version before, among those you may read: `other` is refused by
   * devices as an update; `unknown`: no certificate can be read. Null for iOS.
   */
  readonly continuity!: 'first' | 'same' | 'rotated' | 'other' | 'unknown' | null;
  /** What in it contradicts it, or is not what it should be; mostly nothing. */
  readonly problems!: PackageProblemDto[];
  /** Nothing removes it. */
  readonly pinned!: boolean;
  /** Kept by its owner alone. */
  readonly private!: boolean;
  /** Set when it is somebody else's who shared it. */
  readonly shared!: SharedDto | null;
}

export class PrivateRequestDto {
  @IsBoolean()
  readonly private!: boolean;
}

export class PrivateDto {
  readonly id!: string;
  readonly private!: boolean;
}

/** One version of an app; different files of one version are several artifacts. */
export class AppVersionDto {
  readonly id!: string;
  readonly bundleId!: string;
  readonly version!: string | null;
  readonly build!: string | null;
  readonly externalVersionId!: string | null;
  readonly artifacts!: ArtifactDto[];
}

export class AppVersionPageDto extends PageDto {
  readonly items!: AppVersionDto[];
}
