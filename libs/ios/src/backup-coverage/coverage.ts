import type { AreaName } from './areas.js';
import type { CloudFacts } from './cloud-facts.js';

/** What of something is in a backup. */
export interface Amount {
  readonly files: number;
  /** Bytes of the files that arrived, as they are on the device. */
  readonly bytes: number;
  /** Files the backup lists and that did not arrive; they are not in `bytes`. */
  readonly missingFiles: number;
}

export interface DomainAmount extends Amount {
  readonly domain: string;
}

/** `held-back`: Apple leaves it out of backups that are not encrypted. */
export interface AreaAmount extends Amount {
  readonly area: AreaName;
  readonly state: 'there' | 'none' | 'held-back';
}

/** An app, as the backup's property lists tell of it. */
export interface CoveredApp {
  readonly bundleId: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** `installed`: the app was on the device; `offloaded`: only its data were; `left-over`: data of an app that was not there any more. */
  readonly presence: 'installed' | 'offloaded' | 'left-over';
}

export interface AppAmount extends Amount, CoveredApp {
  /** `empty`: the app keeps its data out of backups, or has none. `settings`: nothing but its preferences. */
  readonly content: 'data' | 'settings' | 'empty';
  /** Files of groups of apps whose name begins with this app's, and are counted here. A group does not say whose it is: by its name only. */
  readonly groups: readonly string[];
}

/** What a backup contains, counted from its own list of files. */
export interface BackupCoverage {
  readonly encrypted: boolean;
  readonly total: Amount;
  readonly areas: readonly AreaAmount[];
  /** By bundle id. */
  readonly apps: readonly AppAmount[];
  /** In order of their names. */
  readonly domains: readonly DomainAmount[];
  /** Files of further domains, which are in `total` only: of a list with more domains than any device has. */
  readonly uncounted: Amount | undefined;
  readonly cloud: CloudFacts;
}
