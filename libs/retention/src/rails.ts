/** An item of a decision, as far as rails ask. */
export interface RailItem {
  readonly id: string;
  readonly kind: 'snapshot' | 'version';
  /** Device id of a snapshot, bundle id of a version. */
  readonly group: string;
}

/** A removal so large that somebody must agree to it by typing a name. */
export interface Confirmation {
  readonly reason: 'more-than-half' | 'last-version';
  /** What to type: the household's name, or the bundle id. */
  readonly name: string;
}

export interface RemovalExtent {
  /** Ids of what goes. */
  readonly removed: ReadonlySet<string>;
  /** Everything there is, with what goes. */
  readonly items: readonly RailItem[];
  /** Bytes freed, and bytes of all items; looked at when both are given. */
  readonly bytesRemoved?: number | undefined;
  readonly bytesTotal?: number | undefined;
  readonly householdName: string;
}

/**
 * What has to be confirmed before a removal: once when more than half goes (of all items, of the snapshots, of the versions'
 * files, or of the bytes), and once for each app that loses its last file. Empty when nothing has to be.
 */
export function confirmationsNeeded(extent: RemovalExtent): Confirmation[] {
  const { items, removed, householdName, bytesRemoved = 0, bytesTotal = Infinity } = extent;
  const isGoing = ({ id }: RailItem): boolean => removed.has(id);
  const losesMost = (some: readonly RailItem[]): boolean =>
    some.filter(isGoing).length * 2 > some.length;

  const versions = items.filter(({ kind }) => kind === 'version');
  const snapshots = items.filter(({ kind }) => kind === 'snapshot');
  const moreThanHalf =
    [items, versions, snapshots].some(losesMost) || bytesRemoved * 2 > bytesTotal;
  const lost = [...Map.groupBy(versions, ({ group }) => group)].filter(([, files]) =>
    files.every(isGoing),
  );
  return [
    ...(moreThanHalf ? [{ reason: 'more-than-half', name: householdName } as const] : []),
    ...lost.map(([name]) => ({ reason: 'last-version', name }) as const),
  ];
}

/** Why the service's clock cannot be trusted to remove by age. */
export interface ClockTrouble {
  readonly code: 'clock-behind' | 'gap';
  /** For people: what was seen and what it means. */
  readonly message: string;
}

const GAP_MS = 25 * 3_600_000;

/**
 * Whether the clock went back (it is behind something that was stored or seen), or jumped or stood still for more than 25
 * hours, an hour more than the day between two runs. Undefined: no trouble. Without `lastSeenAt`, the first run, no gap is seen.
 */
export function clockTrouble(times: {
  readonly now: Date;
  readonly newestStoredAt: Date | undefined;
  /** When the schedule last ran. */
  readonly lastSeenAt: Date | undefined;
}): ClockTrouble | undefined {
  const { now, newestStoredAt, lastSeenAt } = times;
  const isBehind = (date: Date | undefined): boolean => date !== undefined && now < date;
  if (isBehind(newestStoredAt) || isBehind(lastSeenAt)) {
    const what = isBehind(newestStoredAt) ? 'something was stored' : 'retention last ran';
    return {
      code: 'clock-behind',
      message: `The clock is earlier than when ${what}. Nothing is removed until somebody has looked at it.`,
    };
  }
  if (lastSeenAt !== undefined && now.getTime() - lastSeenAt.getTime() > GAP_MS) {
    const hours = Math.floor((now.getTime() - lastSeenAt.getTime()) / 3_600_000);
    return {
      code: 'gap',
      message: `The last run was ${hours} hours ago: the service was off, or the clock jumped. Nothing is removed until somebody has looked at it.`,
    };
  }
  return undefined;
}
