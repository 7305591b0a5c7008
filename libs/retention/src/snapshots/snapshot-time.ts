import type { SnapshotItem } from '../items.js';

/**
 * When a snapshot was taken, as far as it can be believed: no later than it was stored. Else a device whose clock runs
 * years ahead would leave a snapshot that is "the newest" for years, and every real one behind it would go.
 */
export function snapshotTime({ takenAt, storedAt }: SnapshotItem): Date {
  return takenAt.getTime() > storedAt.getTime() ? storedAt : takenAt;
}

/** For `sort`: the newest first, then by id, the greater first. */
export function newestSnapshotFirst(a: SnapshotItem, b: SnapshotItem): number {
  return (
    snapshotTime(b).getTime() - snapshotTime(a).getTime() ||
    (a.id > b.id ? -1 : a.id < b.id ? 1 : 0)
  );
}
