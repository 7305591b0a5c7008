import { RoaringBitmap32, SerializationFormat } from 'roaring-wasm';

/** What is to be made; the same seed gives the same. */
export interface SampleHousehold {
  readonly seed: number;
  /** Of all devices together. */
  readonly snapshots: number;
  readonly chunksPerSnapshot: number;
  /** Of all apps together. */
  readonly versions: number;
  readonly chunksPerVersion: number;
  /** Ordinals there may be. The fewer, the less is new in each root; only the first roots are made whatever they need. */
  readonly total: number;
  readonly devices?: number;
  readonly apps?: number;
}

/** Sets are serialised as roots have them; each inner list is a history, oldest first. */
export interface SampleChunkSets {
  readonly devices: readonly (readonly Uint8Array[])[];
  readonly apps: readonly (readonly Uint8Array[])[];
  /** Sealed length of each chunk in bytes, by ordinal. */
  readonly weights: Uint32Array;
}

/** A number of [0, 1). */
type Random = () => number;

/** Share of a root that the next one of its history drops and has anew, at most. */
const SNAPSHOT_CHURN = 0.02;
const VERSION_CHURN = 0.3;
/** Share of a device's first snapshot that the first device has too: apps, shared pictures. */
const COMMON = 0.4;
/** Chunks dropped side by side, at most: of a file that was deleted, of a database that was written to. */
const HOLE_MAX = 8;
/** A sealed chunk: its seal alone; with as much as a chunk may hold (docs/format.md). */
const WEIGHT_MIN = 28;
const WEIGHT_MAX = WEIGHT_MIN + 4 * 1024 * 1024;

/**
 * Roots as a household makes them. Devices and apps take turns. The first root of each is one long run (or two, where
 * a device has chunks in common with the first); each next one lacks short holes of the one before, and ends in new
 * ordinals.
 */
export function sampleChunkSets(household: SampleHousehold): SampleChunkSets {
  const { snapshots, chunksPerSnapshot, versions, chunksPerVersion } = household;
  const random = randomFrom(household.seed);
  const ordinals = new Ordinals();
  const devices = listsOf(Math.min(household.devices ?? 10, snapshots));
  const apps = listsOf(Math.min(household.apps ?? 60, versions));
  const scale = churnScale(household, devices.length, apps.length);
  const snapshotChurn = Math.floor(scale * SNAPSHOT_CHURN * chunksPerSnapshot);
  const versionChurn = Math.floor(scale * VERSION_CHURN * chunksPerVersion);
  const latest = new Map<Uint8Array[], Uint32Array>();

  const push = (history: Uint8Array[], size: number, churn: number, common: Uint32Array) => {
    const before = latest.get(history);
    const members =
      before === undefined
        ? join(common, ordinals.take(size - common.length))
        : join(without(before, churn, random), ordinals.take(churn));
    latest.set(history, members);
    history.push(serialize(members));
  };
  for (const [kind, index] of inTurns(snapshots, versions)) {
    if (kind === 'snapshot') {
      const first = latest.get(devices[0] ?? []) ?? new Uint32Array(0);
      const common = first.slice(0, Math.floor(COMMON * chunksPerSnapshot));
      push(devices[index % devices.length] ?? [], chunksPerSnapshot, snapshotChurn, common);
    } else {
      push(apps[index % apps.length] ?? [], chunksPerVersion, versionChurn, new Uint32Array(0));
    }
  }
  return { devices, apps, weights: ordinals.weights(random) };
}

/** Gives ordinals in their order. */
class Ordinals {
  #next = 0;

  take(count: number): Uint32Array {
    const first = this.#next;
    this.#next += count;
    return Uint32Array.from({ length: count }, (_, at) => first + at);
  }

  /** One for each ordinal that was given. Most chunks are small; no size is more likely than its double. */
  weights(random: Random): Uint32Array {
    return Uint32Array.from({ length: this.#next }, () =>
      Math.floor(WEIGHT_MIN * (WEIGHT_MAX / WEIGHT_MIN) ** random()),
    );
  }
}

/** The share of the churn for which there are ordinals enough. */
function churnScale(household: SampleHousehold, devices: number, apps: number): number {
  const { snapshots, chunksPerSnapshot, versions, chunksPerVersion, total } = household;
  const firstSnapshots = chunksPerSnapshot * (1 + Math.max(0, devices - 1) * (1 - COMMON));
  const left = Math.max(0, total - firstSnapshots - apps * chunksPerVersion);
  const wanted =
    (snapshots - devices) * SNAPSHOT_CHURN * chunksPerSnapshot +
    (versions - apps) * VERSION_CHURN * chunksPerVersion;
  return wanted <= left ? 1 : left / wanted;
}

/** Snapshots and versions over the same time, evenly. */
function* inTurns(
  snapshots: number,
  versions: number,
): Generator<['snapshot' | 'version', number]> {
  let snapshot = 0;
  let version = 0;
  while (snapshot < snapshots || version < versions) {
    if (snapshot * versions <= version * snapshots && snapshot < snapshots) {
      yield ['snapshot', snapshot++];
    } else {
      yield ['version', version++];
    }
  }
}

/** Without `dropped` of its members, in short holes that lie anywhere. */
function without(members: Uint32Array, dropped: number, random: Random): Uint32Array {
  const kept = new Uint32Array(members.length - dropped);
  const holes = Math.ceil((2 * dropped) / (1 + HOLE_MAX));
  let filled = 0;
  let at = 0;
  let toDrop = dropped;
  for (let hole = 0; hole < holes && toDrop > 0; hole++) {
    const spread = (members.length - at - toDrop) / (holes - hole);
    const stretch = Math.min(members.length - at - toDrop, Math.floor(2 * spread * random()));
    kept.set(members.subarray(at, at + stretch), filled);
    filled += stretch;
    const length =
      hole === holes - 1 ? toDrop : Math.min(toDrop, 1 + Math.floor(HOLE_MAX * random()));
    at += stretch + length;
    toDrop -= length;
  }
  kept.set(members.subarray(at, at + kept.length - filled), filled);
  return kept;
}

function join(one: Uint32Array, two: Uint32Array): Uint32Array {
  const joined = new Uint32Array(one.length + two.length);
  joined.set(one);
  joined.set(two, one.length);
  return joined;
}

function serialize(members: Uint32Array): Uint8Array {
  const bitmap = new RoaringBitmap32(members);
  try {
    bitmap.runOptimize();
    return bitmap.serialize(SerializationFormat.portable);
  } finally {
    bitmap.dispose();
  }
}

function listsOf(count: number): Uint8Array[][] {
  return Array.from({ length: count }, () => []);
}

/** Marsaglia's xorshift32. */
function randomFrom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
