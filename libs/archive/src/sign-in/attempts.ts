import { ArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import type { AttemptCatalog, AttemptCount } from '../ports/attempt-catalog.js';
import type { Seals } from '../ports/seals.js';

/** What is tried. Each has counts of its own. */
export type AttemptKind = keyof typeof FREE;

export interface Trying {
  /** The sender's network address. */
  readonly from: string;
  /** Whom it is about: an e-mail address, an account's id. It is counted in the same way when there is nobody of that name. */
  readonly about?: string | undefined;
}

/** An attempt that was counted as failed before it was made. */
export interface Attempt {
  /** Takes that back. @param how.known from now on this sender's attempts about this are not stopped by others' */
  succeeded(how?: { readonly known: boolean }): Promise<void>;
}

/** Failures without a wait: of one sender about one account, of one sender, of everybody about one account. */
const FREE = {
  'sign-in': { pair: 5, sender: 30, subject: 50 },
  'second-factor': { pair: 5, sender: 30, subject: 20 },
  'set-up': { pair: 5, sender: 10, subject: 50 },
  passkey: { pair: 20, sender: 50, subject: 50 },
  password: { pair: 5, sender: 30, subject: 20 },
  invitation: { pair: 20, sender: 50, subject: 50 },
  'device-code': { pair: 10, sender: 50, subject: 20 },
} as const;

const PRUNE_EVERY_MS = 3_600_000;

/**
 * Slows down who tries again and again: after some failures each next one waits twice as long, up to a quarter of an hour (ADR 28). A right
 * answer does not get through during the wait either. Shared by all processes.
 */
export class Attempts {
  readonly #parts: {
    readonly catalog: AttemptCatalog;
    readonly seals: Seals;
    readonly clock: Clock;
  };
  #prunedAtMs: number;

  constructor(parts: {
    readonly catalog: AttemptCatalog;
    readonly seals: Seals;
    readonly clock: Clock;
  }) {
    this.#parts = parts;
    this.#prunedAtMs = parts.clock.monotonicMs();
  }

  /** Before the attempt. @throws ArchiveError RATE_LIMITED */
  async begin(kind: AttemptKind, trying: Trying): Promise<Attempt> {
    const { catalog, clock } = this.#parts;
    await this.#prune();
    const counts = this.#countsOf(kind, trying);
    // A sender who succeeded about this account before is not stopped by what others do.
    const until = await catalog.take(counts, trying.about === undefined ? counts.length : 2, now());
    if (until !== undefined) throw rateLimited(secondsFrom(now(), until));
    return {
      succeeded: async ({ known } = { known: false }) => catalog.giveBack(counts, known, now()),
    };

    function now(): Date {
      return clock.now();
    }
  }

  #countsOf(kind: AttemptKind, { from, about }: Trying): readonly AttemptCount[] {
    const { pair, sender, subject } = FREE[kind];
    const network = networkOf(from);
    const key = (...parts: readonly string[]): Uint8Array =>
      this.#parts.seals.mark('attempt', JSON.stringify([kind, ...parts]));
    if (about === undefined) return [{ key: key('sender', network), free: sender }];
    const name = about.trim().toLowerCase();
    return [
      { key: key('pair', network, name), free: pair },
      { key: key('sender', network), free: sender },
      { key: key('subject', name), free: subject },
    ];
  }

  async #prune(): Promise<void> {
    const { catalog, clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#prunedAtMs < PRUNE_EVERY_MS) return;
    this.#prunedAtMs = nowMs;
    await catalog.prune(clock.now());
  }
}

export function rateLimited(seconds: number): ArchiveError {
  return new ArchiveError(
    'RATE_LIMITED',
    `Too many attempts. Nothing was looked at; try again in ${seconds} s.`,
    { details: { retryAfterSeconds: seconds } },
  );
}

function secondsFrom(now: Date, until: Date): number {
  return Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
}

/** Of IPv6 the network: whoever has one address of it has all of them. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
