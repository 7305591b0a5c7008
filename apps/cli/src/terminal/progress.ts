import { formatBytes } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { formatDuration } from './format-duration.js';
import type { Output } from './output.js';

export interface Counters {
  readonly files: number;
  readonly bytes: number;
}

/** A terminal line is renewed ten times a second at most; without a terminal there is a plain line now and then. */
const TERMINAL_MS = 100;
const PLAIN_MS = 10_000;
/** The rate is that of the last seconds, so that the estimate follows a change of speed. */
const RATE_WINDOW_MS = 10_000;
/** Often enough for a smooth rate. */
const SAMPLE_MS = 500;

/** Shows how far long work is, on standard error: bytes, files, rate, estimate. */
export class Progress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #verb: string;
  readonly #things: string;
  #total: Counters | undefined;
  #done = { files: 0, bytes: 0 };
  #shownAt: number;
  #samples: { readonly at: number; readonly bytes: number }[];

  /** @param things what is counted beside bytes */
  constructor(output: Output, clock: Clock, verb: string, things = 'files') {
    this.#output = output;
    this.#clock = clock;
    this.#verb = verb;
    this.#things = things;
    this.#shownAt = clock.monotonicMs();
    this.#samples = [{ at: this.#shownAt, bytes: 0 }];
  }

  expect(total: Counters): void {
    this.#total = total;
    // The rate is that of the work, not of the looking around before it.
    this.#samples = [{ at: this.#clock.monotonicMs(), bytes: this.#done.bytes }];
  }

  add(done: Counters): void {
    this.#done = { files: this.#done.files + done.files, bytes: this.#done.bytes + done.bytes };
    const now = this.#clock.monotonicMs();
    this.#sample(now);
    if (now - this.#shownAt < (this.#output.watched ? TERMINAL_MS : PLAIN_MS)) return;
    this.#shownAt = now;
    this.#output.status(this.#line(now));
  }

  /** Ends the line so that what follows stands on its own. */
  close(): void {
    this.#output.clearStatus();
  }

  /** A word in between, on a line of its own. */
  note(text: string): void {
    this.#output.note(text);
  }

  #line(now: number): string {
    const rate = this.#rate(now);
    const { files, bytes } = this.#done;
    const total = this.#total;
    if (total === undefined)
      return `${this.#verb} ${formatBytes(bytes)} · ${String(files)} ${this.#things} · ${formatBytes(rate)}/s`;
    // What has to be sent or written again counts again.
    const percent =
      total.bytes === 0 ? 100 : Math.min(100, Math.floor((100 * bytes) / total.bytes));
    const left = rate > 0 ? ` · ${formatDuration((total.bytes - bytes) / rate)} left` : '';
    return `${this.#verb} ${String(percent)} % · ${formatBytes(bytes)} of ${formatBytes(total.bytes)} · ${String(files)} of ${String(total.files)} ${this.#things} · ${formatBytes(rate)}/s${left}`;
  }

  #sample(now: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && now - last.at < SAMPLE_MS) return;
    this.#samples.push({ at: now, bytes: this.#done.bytes });
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) >= RATE_WINDOW_MS)
      this.#samples.shift();
  }

  #rate(now: number): number {
    const [first] = this.#samples;
    if (first === undefined || now === first.at) return 0;
    return ((this.#done.bytes - first.bytes) * 1000) / (now - first.at);
  }
}
