import { ArchiveError, isArchiveError } from '@rootcellar/model';
import { systemErrorCode } from '../error-code.js';
import { throwIfStopped, toArchiveError } from '../service-error.js';
import { rest } from './alarm.js';
import type { Candidate } from './find-candidates.js';
import { judgeFailure, pauseAfter } from './judge-failure.js';
import type { Pauses, Verdict } from './judge-failure.js';

/** What became of one thing that was handed over. */
export type Delivered<T> =
  | { readonly verdict: 'kept'; readonly facts: T }
  | { readonly verdict: Exclude<Verdict, 'service'>; readonly error: ArchiveError };

export interface DeliveryParts<T> {
  /** Hands it to the service as it is signed in now. */
  readonly keep: (candidate: Candidate) => Promise<T>;
  /** Hears once that the service or the sign-in is away, and once that it is back. */
  readonly onAway: (error: ArchiveError) => void;
  readonly onBack: () => void;
  readonly pauses: Pauses;
  /** Whether to wait for a service that is away, or to end with it. */
  readonly patient: boolean;
  readonly signal: AbortSignal;
}

/** Hands things to the service one at a time, whoever brings them, and waits for it as long as it takes. */
export class Delivery<T> {
  readonly #parts: DeliveryParts<T>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: DeliveryParts<T>) {
    this.#parts = parts;
  }

  /** @throws ArchiveError INTERRUPTED; and when it is not patient, what the service is away with */
  async deliver(candidate: Candidate): Promise<Delivered<T>> {
    const turn = this.#last.then(async () => this.#persist(candidate));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #persist(candidate: Candidate): Promise<Delivered<T>> {
    const { onAway, onBack, pauses, patient, signal } = this.#parts;
    for (let failures = 0; ; failures += 1) {
      const delivered = await this.#try(candidate);
      if (delivered.verdict !== 'service') {
        if (failures > 0) onBack();
        return delivered;
      }
      if (!patient) throw delivered.error;
      if (failures === 0) onAway(delivered.error);
      await rest(pauseAfter(failures, pauses), signal);
    }
  }

  async #try(
    candidate: Candidate,
  ): Promise<Delivered<T> | { readonly verdict: 'service'; readonly error: ArchiveError }> {
    const { keep, signal } = this.#parts;
    throwIfStopped(signal);
    try {
      return { verdict: 'kept', facts: await keep(candidate) };
    } catch (thrown) {
      throwIfStopped(signal);
      const error = toArchiveError(onDisk(thrown), signal);
      if (!isArchiveError(error) || error.code === 'WATCH_OTHER_SIGN_IN') throw error;
      return { verdict: judgeFailure(error), error };
    }
  }
}

/** What the disk says is of this one file; the others go on. */
function onDisk(error: unknown): unknown {
  const code = isArchiveError(error) ? undefined : systemErrorCode(error);
  if (code === undefined || !DISK.has(code)) return error;
  return new ArchiveError('PACKAGE_UNREADABLE', `It cannot be read (${code}).`, { cause: error });
}

const DISK: ReadonlySet<string> = new Set([
  ...[
    'ENOENT',
    'ENOTDIR',
    'EACCES',
    'EPERM',
    'EIO',
    'ESTALE',
    'ENXIO',
    'ENODEV',
    'EBUSY',
    'EMFILE',
  ],
  ...['ENFILE', 'ELOOP', 'ENAMETOOLONG', 'EISDIR'],
]);
