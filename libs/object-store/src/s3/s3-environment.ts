import type { LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { RetryOptions } from '../retrying/retrying-object-store.js';

/** What the adapter takes from the world around it, handed in so that a test can have another one. */
export interface S3Environment extends Pick<RetryOptions, 'sleep' | 'random'> {
  /** Requests are signed with the time; servers refuse those that are 15 minutes off. */
  now(): Date;
  /** Finds addresses of host names; the system's way without it. */
  readonly lookup?: LookupFunction;
}

export const nodeS3Environment: S3Environment = {
  // eslint-disable-next-line no-restricted-syntax -- This is where the time is handed in.
  now: () => new Date(),
  random: Math.random,
  sleep: async (milliseconds, signal) => {
    try {
      await wait(milliseconds, undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
