import { setTimeout } from 'node:timers/promises';
import type { CollectionCatalog } from '../ports/collection-catalog.js';

/** An upload is under way while it sent something within … */
export const UNDERWAY_SECONDS = 5;
const LOOK_EVERY_MS = 1000;

/**
 * Waits until nobody uploads, but never longer than the patience. Writing a pack anew takes disk and processor for a moment, which whoever sends
 * would wait for; it is never urgent. The patience sees to it that a server with uploads at all hours gets its space back too.
 * @param patienceSeconds 0 does not wait
 * @param step at every look: tells that the work goes on, or throws to end it
 */
export async function giveWay(
  collection: Pick<CollectionCatalog, 'uploadsUnderway'>,
  patienceSeconds: number,
  step: () => Promise<void>,
  pause: (milliseconds: number) => Promise<unknown> = setTimeout,
): Promise<void> {
  const looks = (patienceSeconds * 1000) / LOOK_EVERY_MS;
  for (let look = 0; look < looks; look += 1) {
    if (!(await collection.uploadsUnderway(UNDERWAY_SECONDS))) return;
    await pause(LOOK_EVERY_MS);
    await step();
  }
}
