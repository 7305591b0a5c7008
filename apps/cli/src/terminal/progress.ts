import { formatBytes } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
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

/** Shows how far long work is, on standard error: bytes, files, rate, estimate. */
export class Progress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #verb: string;
  #total: Counters | undefined;
  #done = { files: 0, bytes: 0 };
  #shownAt: number;
  #lineOpen = false;
  readonly #samples: { at: number; bytes: number }[] = [];

  constructor(output: Output, clock: Clock, verb: string) {
    this.#output = output;
    this.#clock = clock;
    this.#verb = verb;
    this.#shownAt = clock.monotonicMs();
  }

  expect(total: Counters): void {
    this.#total = total;
  }

  add(done: Counters): void {
    this.#done = { files: this.#done.files + done.files, bytes: this.#done.bytes + done.bytes };
    const now = this.#clock.monotonicMs();
    const every = this.#output.stderr.isTTY === true ? TERMINAL_MS : PLAIN_MS;
    if (now - this.#shownAt < every || this.#output.quiet) return;
    this.#shownAt = now;
    this.#show(now);
  }

  /** A word in between, on a line of its own. */
  note(text: string): void {
    this.close();
    this.#output.note(text);
  }

  /** Ends the line so that what follows stands on its own. */
  close(): void {
    if (this.#lineOpen) this.#output.stderr.write('\r\u001b[K');
    this.#lineOpen = false;
  }

  #show(now: number): void {
    const line = this.#line(now);
    if (this.#output.stderr.isTTY === true) {
      this.#output.stderr.write(`\r\u001b[K${line}`);
      this.#lineOpen = true;
    } else {
      this.#output.stderr.write(`${line}\n`);
    }
  }

  #line(now: number): string {
    const rate = this.#rate(now);
    const { files, bytes } = this.#done;
    const total = this.#total;
    if (total === undefined)
      return `${this.#verb} ${formatBytes(bytes)} · ${String(files)} files · ${formatBytes(rate)}/s`;
    const percent = total.bytes === 0 ? 100 : Math.floor((100 * bytes) / total.bytes);
    const left = rate > 0 ? ` · ${formatDuration((total.bytes - bytes) / rate)} left` : '';
    return `${this.#verb} ${String(percent)} % · ${formatBytes(bytes)} of ${formatBytes(total.bytes)} · ${String(files)} of ${String(total.files)} files · ${formatBytes(rate)}/s${left}`;
  }

  #rate(now: number): number {
    this.#samples.push({ at: now, bytes: this.#done.bytes });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > RATE_WINDOW_MS)
      this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || now === first.at) return 0;
    return ((this.#done.bytes - first.bytes) * 1000) / (now - first.at);
  }
}

export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${String(s)} s`;
  if (s < 3600) return `${String(Math.floor(s / 60))} min ${String(s % 60)} s`;
  return `${String(Math.floor(s / 3600))} h ${String(Math.floor((s % 3600) / 60))} min`;
}
