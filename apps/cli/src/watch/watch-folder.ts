import { isArchiveError } from '@rootcellar/model';
import type { ArchiveError, Clock } from '@rootcellar/model';
import { systemErrorCode } from '../error-code.js';
import { Alarm } from './alarm.js';
import { ChangeHints } from './change-hints.js';
import type { Delivery } from './delivery.js';
import { findCandidates } from './find-candidates.js';
import type { Candidate } from './find-candidates.js';
import type { KeptThing } from './keep-candidate.js';
import { pauseAfter } from './judge-failure.js';
import type { Pauses } from './judge-failure.js';
import { Settling } from './settling.js';
import type { WatchJournal } from './watch-journal.js';
import type { WatchReport } from './watch-report.js';

export interface FolderParts {
  readonly folder: string;
  readonly journal: WatchJournal;
  readonly report: WatchReport;
  readonly delivery: Delivery<KeptThing>;
  /** Nothing more to hand over for now. */
  readonly onIdle: () => Promise<void>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly settings: WatchSettings;
}

export interface WatchSettings {
  /** How long a file must look the same before it is touched. */
  readonly quietMs: number;
  /** How long what looks unfinished may rest before it counts as broken. */
  readonly unfinishedMs: number;
  /** A regular look at everything, hints or not. */
  readonly everyMs: number;
  readonly backups: boolean;
  readonly pauses: Pauses;
}

/** What came of looking at a folder once. */
export interface Look {
  /** Milliseconds until something that is not at rest may be. `undefined`: nothing is waited for. */
  readonly dueMs: number | undefined;
  readonly kept: number;
  readonly alreadyKept: number;
  readonly refused: readonly unknown[];
  /** Still written, or not to be kept just now. */
  readonly left: number;
  /** The folder itself could not be looked at: what the system said. */
  readonly away: string | undefined;
}

/** Hints come in swarms. */
const BETWEEN_LOOKS_MS = 500;

/** One watched folder: looks, tells what is at rest from what is still written, and hands it over. */
export class FolderWatch {
  readonly #parts: FolderParts;
  readonly #settling = new Settling();
  readonly #failures = new Map<string, number>();
  readonly #alarm = new Alarm();
  #sweptAt = -Infinity;

  constructor(parts: FolderParts) {
    this.#parts = parts;
  }

  /** Until the signal ends it. */
  async run(): Promise<void> {
    const { settings, signal } = this.#parts;
    using hints = new ChangeHints(() => this.#alarm.ring());
    while (!signal.aborted) {
      const { dueMs } = await this.look(hints);
      const ms = Math.min(dueMs ?? Infinity, settings.everyMs);
      await this.#alarm.wait(ms, Math.min(BETWEEN_LOOKS_MS, settings.quietMs), signal);
    }
  }

  async look(hints?: ChangeHints): Promise<Look> {
    const { report, onIdle, signal } = this.#parts;
    const found = await this.#survey(hints);
    if (found.away !== undefined) {
      await report.folderAway(found.away);
      return { dueMs: undefined, kept: 0, alreadyKept: 0, refused: [], left: 0, away: found.away };
    }
    await report.folderHere();
    const tally = {
      kept: 0,
      alreadyKept: 0,
      refused: [] as unknown[],
      left: found.left,
      dueMs: found.dueMs,
    };
    for (const candidate of found.rested) {
      if (signal.aborted) break;
      const dueMs = await this.#handOver(candidate, tally);
      if (dueMs !== undefined) tally.dueMs = Math.min(tally.dueMs ?? Infinity, dueMs);
    }
    if (found.rested.length > 0) await onIdle();
    return { ...tally, away: undefined };
  }

  async #survey(hints: ChangeHints | undefined): Promise<Survey> {
    const { folder, report, settings, signal } = this.#parts;
    const [seen, folders, rested] = [new Set<string>(), new Set<string>(), [] as Candidate[]];
    let [partial, left, dueMs] = [false, 0, undefined as number | undefined];
    const looking = {
      onFolder: (path: string) => void folders.add(path),
      onUnreadable: (path: string, code: string) => {
        partial = true;
        seen.add(path);
        report.unreadable(path, code);
      },
      signal,
    };
    try {
      for await (const candidate of findCandidates(folder, looking)) {
        seen.add(candidate.path);
        const wait = this.#waitFor(candidate);
        if (wait === undefined) continue;
        if (wait === 0) rested.push(candidate);
        else [left, dueMs] = [left + 1, Math.min(dueMs ?? Infinity, wait)];
      }
    } catch (error) {
      const code = systemErrorCode(error);
      if (signal.aborted) return { rested: [], left: 0, dueMs: undefined };
      if (code === undefined) throw error;
      return { rested: [], left: 0, dueMs: undefined, away: code };
    }
    hints?.follow(folders);
    if (!partial) this.#forgetOthers(seen, settings.everyMs);
    return { rested, left, dueMs };
  }

  /** Milliseconds until it may be touched; `undefined`: there is nothing to do with it. */
  #waitFor(candidate: Candidate): number | undefined {
    const { journal, report, settings, clock } = this.#parts;
    const { path, kind, stamp, unfinished } = candidate;
    if (kind === 'backup' && !settings.backups) {
      report.backupLeft(path);
      return undefined;
    }
    if (journal.outcomeOf(path, stamp) !== undefined) return undefined;
    const now = clock.monotonicMs();
    if (!unfinished) return this.#settling.see(path, stamp, now, settings.quietMs);
    // When the marker goes, the time begins.
    this.#settling.forget(path);
    return settings.quietMs;
  }

  /** @returns milliseconds until it is tried again, if it is */
  async #handOver(candidate: Candidate, tally: Tally): Promise<number | undefined> {
    const { delivery, journal, report } = this.#parts;
    const { path, stamp } = candidate;
    const delivered = await delivery.deliver(candidate);
    if (delivered.verdict === 'kept') {
      const { facts } = delivered;
      const sha256 = facts.kind === 'package' ? facts.sha256 : undefined;
      const outcome =
        facts.kind === 'package' && facts.status === 'already-kept' ? 'already-kept' : 'kept';
      journal.note({ path, stamp, outcome, sha256 });
      this.#done(path);
      if (outcome === 'kept') tally.kept += 1;
      else tally.alreadyKept += 1;
      await report.kept(path, facts);
      return undefined;
    }
    const { error, verdict } = delivered;
    if (verdict === 'refused' || (verdict === 'unfinished' && this.#isBroken(candidate, error))) {
      journal.note({ path, stamp, outcome: 'refused', code: error.code });
      this.#done(path);
      tally.refused.push(error);
      await report.refused(path, error);
      return undefined;
    }
    tally.left += 1;
    // What is still written comes of itself: nothing to tell.
    if (verdict === 'later' && !isArchiveError(error, 'PACKAGE_CHANGING', 'BACKUP_CHANGING'))
      report.later(path, error);
    return this.#tryLater(path);
  }

  /** Nobody writes what rested for so long; but a device takes hours, and says itself when it is done. */
  #isBroken({ path, stamp }: Candidate, error: ArchiveError): boolean {
    if (isArchiveError(error, 'BACKUP_NOT_FINISHED')) return false;
    const { settings, clock } = this.#parts;
    return this.#settling.restedMs(path, stamp, clock.monotonicMs()) >= settings.unfinishedMs;
  }

  #tryLater(path: string): number {
    const failures = this.#failures.get(path) ?? 0;
    const pause = pauseAfter(failures, this.#parts.settings.pauses);
    this.#failures.set(path, failures + 1);
    this.#settling.postpone(path, this.#parts.clock.monotonicMs(), pause);
    return pause;
  }

  #done(path: string): void {
    this.#settling.forget(path);
    this.#failures.delete(path);
  }

  #forgetOthers(seen: ReadonlySet<string>, everyMs: number): void {
    const { clock, journal, report } = this.#parts;
    for (const path of this.#settling.keys()) if (!seen.has(path)) this.#done(path);
    for (const path of this.#failures.keys()) if (!seen.has(path)) this.#failures.delete(path);
    const now = clock.monotonicMs();
    if (now - this.#sweptAt < everyMs) return;
    this.#sweptAt = now;
    journal.sweep(seen, clock.now().getTime());
    report.keepOnly(seen);
  }
}

interface Survey {
  readonly rested: readonly Candidate[];
  readonly left: number;
  readonly dueMs: number | undefined;
  readonly away?: string;
}

interface Tally {
  kept: number;
  alreadyKept: number;
  readonly refused: unknown[];
  left: number;
  dueMs: number | undefined;
}
