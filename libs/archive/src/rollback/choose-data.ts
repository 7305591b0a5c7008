import type { NamedVersion, SeenSnapshot } from '../ports/rollback-catalog.js';
import { isOlder, isSame } from './version-order.js';

export interface ChosenData {
  /** The snapshot with the data, and what it says of the app. */
  readonly data: Fitting | undefined;
  /** A newer one of that time, or the only one, that is encrypted. */
  readonly locked: Fitting | undefined;
}

export type Fitting = SeenSnapshot & { readonly app: NonNullable<SeenSnapshot['app']> };

/**
 * The data that goes with a version: of the newest snapshot that was taken while it, or an older one, was installed. What an older version wrote, a
 * newer one is made to read; not the other way round. Encrypted ones cannot be looked into.
 *
 * @param newestFirst snapshots of the device and of those it replaced
 */
export function chooseData(newestFirst: readonly SeenSnapshot[], target: NamedVersion): ChosenData {
  const fitting = newestFirst.filter(
    (snapshot): snapshot is Fitting =>
      snapshot.app !== undefined && (isSame(snapshot.app, target) || isOlder(snapshot.app, target)),
  );
  const at = fitting.findIndex(({ encrypted }) => !encrypted);
  const [first] = fitting;
  return { data: fitting[at], locked: first?.encrypted === true ? first : undefined };
}
