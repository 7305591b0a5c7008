/** How much of something is in a backup. */
export class AmountDto {
  readonly files!: number;
  /** Bytes of the files that arrived, as they are on the device. */
  readonly bytes!: number;
  /** Files the backup lists and that did not arrive; they are not in `bytes`. */
  readonly missingFiles!: number;
}

/** What people ask for by name, such as messages. */
export class CoveredAreaDto extends AmountDto {
  readonly area!: string;
  /** `held-back`: Apple leaves it out of backups that are not encrypted. */
  readonly state!: 'there' | 'none' | 'held-back';
}

export class CoveredDomainDto extends AmountDto {
  /** Apple's domain, for example `CameraRollDomain`. */
  readonly domain!: string;
}

export class CoveredAppDto {
  readonly bundleId!: string;
  readonly name!: string | null;
  readonly version!: string | null;
  /** `installed`: the app was on the device; `offloaded`: only its data were; `left-over`: data of an app that was not there any more. */
  readonly presence!: 'installed' | 'offloaded' | 'left-over';
  /** `empty`: keeps its data out of backups, or has none; `settings`: its preferences only; `unknown`: only the password would show it. */
  readonly content!: 'data' | 'settings' | 'empty' | 'unknown';
  /** Files and bytes of the app, its extensions and groups; null when only the password would show it. */
  readonly amount!: AmountDto | null;
  /** Groups of apps that are counted here, by their names. */
  readonly groups!: string[];
  /** Whether a package of the app is kept that you may read. */
  readonly packageKept!: boolean;
}

/** Whether something lives in iCloud too, as a list in the backup says; `unknown` where none does. */
export class CloudFactsDto {
  readonly photos!: 'on' | 'off' | 'unknown';
  /** Photos and videos in iCloud when the device asked last. */
  readonly photosInCloud!: number | null;
  readonly photosSyncedAt!: Date | null;
  readonly messages!: 'on' | 'off' | 'unknown';
  readonly drive!: 'unknown';
}

export class ChecklistLineDto {
  /** What becomes of it after a restore. */
  readonly outcome!: 'comes-back' | 'fetch-afterwards' | 'gone' | 'unknown';
  /** Why it is said. */
  readonly reason!:
    | 'area'
    | 'always'
    | 'password'
    | 'known-for'
    | 'no-data'
    | 'settings-only'
    | 'offloaded'
    | 'no-package';
  /** An area, `app:<bundle id>`, or a word of its own. */
  readonly about!: string;
  /** One sentence for people. */
  readonly text!: string;
}

/** Payloads as they are stored, encrypted ones padded. */
export class PayloadsDto {
  readonly files!: number;
  readonly bytes!: number;
}

/** What a backup contains and what it does not: to be read before a phone is wiped. */
export class SnapshotCoverageDto {
  readonly snapshotId!: string;
  readonly encrypted!: boolean;
  /** Whether the list of files could be read. It cannot where only the password would show it: then nothing is counted by file. */
  readonly counted!: boolean;
  /** Bundle ids when only these apps' data were shared with you; then everything here is of them alone. */
  readonly only!: string[] | null;
  /** Null when only the password would show it. */
  readonly total!: AmountDto | null;
  /** Null when only some apps' data were shared with you. */
  readonly payloads!: PayloadsDto | null;
  readonly areas!: CoveredAreaDto[];
  /** By bundle id. */
  readonly apps!: CoveredAppDto[];
  /** By name; with more than 20,000 of them, the rest is in `uncounted`. */
  readonly domains!: CoveredDomainDto[];
  readonly uncounted!: AmountDto | null;
  readonly cloud!: CloudFactsDto;
  readonly checklist!: ChecklistLineDto[];
}
