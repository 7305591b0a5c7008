import type { BusinessSignal, FileStamp, PackageDescription } from './package-description.js';

/** Two values of one thing. */
export interface Changed<T> {
  readonly before: T;
  readonly after: T;
}

/** What came and what went, each sorted. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface FileChange {
  readonly path: string;
  /** Undefined where it is not there. */
  readonly bytesBefore: number | undefined;
  readonly bytesAfter: number | undefined;
  /** Of its packed bytes, those that are not in the package before; undefined where it is not there any more, or nobody said. */
  readonly newPackedBytes: number | undefined;
}

export interface CompareOptions {
  /** How many files are named, those that make the largest difference. */
  readonly largest?: number;
  /** How many bytes of a range of the later package are not in the earlier. */
  readonly newBytes?: (offset: number, length: number) => number;
}

/** What is different between two packages. Everything that is the same is empty or undefined. */
export interface PackageChanges {
  readonly bytes: Changed<number>;
  readonly files: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly same: number;
    /** Bytes of files that are the same in both. */
    readonly sameBytes: number;
    /** Those that make the largest difference, first; at most as many as were asked for. */
    readonly largest: readonly FileChange[];
  };
  readonly bundleId: Changed<string> | undefined;
  readonly name: Changed<string> | undefined;
  readonly minimumOs: Changed<string | undefined> | undefined;
  readonly deviceFamilies: Changed<readonly number[]> | undefined;
  readonly requiredCapabilities: Difference;
  readonly permissions: Difference & {
    /** Asked for in other words. */
    readonly reworded: readonly string[];
  };
  readonly urlSchemes: Difference;
  readonly backgroundModes: Difference;
  /** Undefined when one of them cannot be read. */
  readonly entitlements: (Difference & { readonly changed: readonly string[] }) | undefined;
  readonly frameworks: Difference;
  readonly linkedLibraries: Difference;
  readonly extensions: Difference;
  readonly localisations: Difference;
  readonly privacy: {
    readonly tracking: Changed<boolean> | undefined;
    readonly trackingDomains: Difference;
    readonly collected: Difference;
    readonly accessedApis: Difference;
  };
  readonly signals: {
    readonly appeared: readonly BusinessSignal[];
    readonly gone: readonly BusinessSignal[];
  };
}

export function comparePackages(
  before: PackageDescription,
  after: PackageDescription,
  options: CompareOptions = {},
): PackageChanges {
  const lists = (pick: (of: PackageDescription) => readonly string[]): Difference =>
    difference(pick(before), pick(after));
  return {
    bytes: { before: before.bytes, after: after.bytes },
    files: compareFiles(before.files, after.files, options),
    bundleId: changed(before.bundleId, after.bundleId),
    name: changed(before.name, after.name),
    minimumOs: changed(before.minimumOs, after.minimumOs),
    deviceFamilies: changed(before.deviceFamilies, after.deviceFamilies),
    requiredCapabilities: lists((of) => of.requiredCapabilities),
    permissions: comparePermissions(before.permissions, after.permissions),
    urlSchemes: lists((of) => of.urlSchemes),
    backgroundModes: lists((of) => of.backgroundModes),
    entitlements: compareEntitlements(before.entitlements, after.entitlements),
    frameworks: lists((of) => of.frameworks),
    linkedLibraries: lists((of) => of.linkedLibraries),
    extensions: lists((of) => of.extensions),
    localisations: lists((of) => of.localisations),
    privacy: {
      tracking: changed(before.privacy?.tracking ?? false, after.privacy?.tracking ?? false),
      trackingDomains: lists((of) => of.privacy?.trackingDomains ?? []),
      collected: lists((of) => of.privacy?.collected ?? []),
      accessedApis: lists((of) => of.privacy?.accessedApis ?? []),
    },
    signals: {
      appeared: signalsMissing(after.signals, before.signals),
      gone: signalsMissing(before.signals, after.signals),
    },
  };
}

function compareFiles(
  before: ReadonlyMap<string, FileStamp>,
  after: ReadonlyMap<string, FileStamp>,
  { largest = 50, newBytes }: CompareOptions,
): PackageChanges['files'] {
  const changes: Omit<FileChange, 'newPackedBytes'>[] = [];
  const counts = { added: 0, removed: 0, changed: 0, same: 0, sameBytes: 0 };
  for (const [path, now] of after) {
    const then = before.get(path);
    if (then?.crc32 === now.crc32 && then.bytes === now.bytes) {
      counts.same += 1;
      counts.sameBytes += now.bytes;
      continue;
    }
    counts[then === undefined ? 'added' : 'changed'] += 1;
    changes.push({ path, bytesBefore: then?.bytes, bytesAfter: now.bytes });
  }
  for (const [path, { bytes }] of before) {
    if (after.has(path)) continue;
    counts.removed += 1;
    changes.push({ path, bytesBefore: bytes, bytesAfter: undefined });
  }
  changes.sort((a, b) => weightOf(b) - weightOf(a) || (a.path < b.path ? -1 : 1));
  const named = changes.slice(0, largest).map((change) => {
    const place = after.get(change.path)?.place;
    const newPackedBytes = place && newBytes?.(place.offset, place.packedBytes);
    return { ...change, newPackedBytes };
  });
  return { ...counts, largest: named };
}

/** A changed file is told apart by what it has now: how much of it changed is not known. */
function weightOf({
  bytesBefore = 0,
  bytesAfter = 0,
}: Pick<FileChange, 'bytesBefore' | 'bytesAfter'>): number {
  return Math.max(bytesBefore, bytesAfter);
}

function comparePermissions(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): PackageChanges['permissions'] {
  const reworded = [...after].filter(([key, text]) => before.has(key) && before.get(key) !== text);
  return {
    ...difference([...before.keys()], [...after.keys()]),
    reworded: reworded.map(([key]) => key),
  };
}

function compareEntitlements(
  before: ReadonlyMap<string, string> | undefined,
  after: ReadonlyMap<string, string> | undefined,
): PackageChanges['entitlements'] {
  if (before === undefined || after === undefined) return undefined;
  const both = [...after].filter(([name]) => before.has(name));
  return {
    ...difference([...before.keys()], [...after.keys()]),
    changed: both.filter(([name, value]) => before.get(name) !== value).map(([name]) => name),
  };
}

function difference(before: readonly string[], after: readonly string[]): Difference {
  const [then, now] = [new Set(before), new Set(after)];
  return {
    added: after.filter((each) => !then.has(each)).sort(),
    removed: before.filter((each) => !now.has(each)).sort(),
  };
}

function changed<T>(before: T, after: T): Changed<T> | undefined {
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : { before, after };
}

/** The same sentence at another place is the same sign. */
function signalsMissing(
  here: readonly BusinessSignal[],
  there: readonly BusinessSignal[],
): BusinessSignal[] {
  const known = new Set(there.map(({ kind, evidence }) => `${kind} ${evidence}`));
  return here.filter(({ kind, evidence }) => !known.has(`${kind} ${evidence}`));
}
