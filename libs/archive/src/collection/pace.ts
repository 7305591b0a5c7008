import { setTimeout } from 'node:timers/promises';
import type { CollectionCatalog } from '../ports/collection-catalog.js';
import { UNDERWAY_SECONDS } from './give-way.js';

/** Rests after a piece of work, as a multiple of what it took: beside uploads a collection works a fifth of the time. */
const RESTS = 4;
const LONGEST_REST_MS = 2000;
const LOOK_EVERY_MS = 1000;

/**
 * Keeps a long work slow while anybody uploads: looking through 50,000 packs takes a processor for half a minute, of which a small machine has
 * two. When nobody uploads, it takes what it gets.
 */
export class Pace {
  readonly #collection: Pick<CollectionCatalog, 'uploadsUnderway'>;
  readonly #now: () => number;
  readonly #pause: (milliseconds: number) => Promise<unknown>;
  #since: number;
  #underway: { readonly lookedAt: number; readonly anybody: boolean } | undefined;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    collection: Pick<CollectionCatalog, 'uploadsUnderway'>,
    now: () => number = () => performance.now(),
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#collection = collection;
    this.#now = now;
    this.#pause = pause;
    this.#since = now();
  }

  /** Something else was done meanwhile that has its own way to wait. */
  begin(): void {
    this.#since = this.#now();
  }

  /** After a piece of work. */
  async rest(): Promise<void> {
    const worked = this.#now() - this.#since;
    if (await this.#anybodyUploads()) await this.#pause(Math.min(worked * RESTS, LONGEST_REST_MS));
    this.begin();
  }

  async #anybodyUploads(): Promise<boolean> {
    const now = this.#now();
    if (this.#underway === undefined || now - this.#underway.lookedAt >= LOOK_EVERY_MS) {
      const anybody = await this.#collection.uploadsUnderway(UNDERWAY_SECONDS);
      this.#underway = { lookedAt: now, anybody };
    }
    return this.#underway.anybody;
  }
}
