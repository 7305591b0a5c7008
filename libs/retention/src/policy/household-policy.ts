/**
 * What an admin decided, as JSON. Every part is optional, and `parsePolicy` gives the normal form: frozen, serialises
 * back to itself. `{}`, which cannot be parsed, is the policy of a household that has none.
 *
 * A kind (snapshots of a device, versions of an app) without a section, at household scope or of its own, is never
 * removed by rules. Only the budget may take from it, down to the floor.
 */
export interface HouseholdPolicy {
  readonly snapshots?: SnapshotRules;
  readonly versions?: VersionRules;
  /** Bytes that may be stored; at least 1 MB. */
  readonly budget?: number;
  /** Nothing stored less than this ago is removed, not even for the budget. */
  readonly minimumKeep?: Duration;
  /** Days, 0 to 365, in which what was removed can be taken back. The planner does not read it. */
  readonly binDays?: number;
  /** By device id. */
  readonly devices?: Readonly<Record<string, DeviceOverride>>;
  /** By bundle id. */
  readonly apps?: Readonly<Record<string, AppOverride>>;
}

/**
 * Text such as `14d`: a whole number and one of `h`, `d`, `w`, `m`, `y`. All are exact lengths, free of any calendar:
 * a day is 24 hours, a week 7 days, `m` 30 days, `y` 365 days.
 */
export type Duration = string;

/** How many of each kind of period to keep, 0 to 10,000; what is left out is inherited, then 0. */
export interface SnapshotRules {
  /** Everything taken less than this ago. */
  readonly within?: Duration;
  readonly last?: number;
  readonly hourly?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  readonly yearly?: number;
}

/** What is left out is inherited, then 0 or false. Each rule keeps on its own, whatever the others keep. */
export interface VersionRules {
  /** Every version of which a file was added less than this ago. */
  readonly within?: Duration;
  /** The newest so many versions. */
  readonly last?: number;
  /** The newest so many versions of each major one (the first number of the version). */
  readonly lastPerMajor?: number;
  /** The newest version from before the app wanted a subscription. */
  readonly beforeSubscription?: boolean;
  /** Whatever a device runs. That is floor in any case; the rule says so in the policy's own words. */
  readonly onDevices?: boolean;
  /** For every device the newest version it could run. */
  readonly runnable?: boolean;
}

export interface DeviceOverride {
  readonly snapshots?: SnapshotRules;
}

export interface AppOverride {
  readonly versions?: VersionRules;
}
