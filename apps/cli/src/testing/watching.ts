import { setTimeout as sleep } from 'node:timers/promises';
import type { ExitCode } from '../exit-code.js';
import { runProgram } from '../program.js';
import { tryWorld } from './try-world.js';
import type { TryWorld } from './try-world.js';

/** A `rootcellar watch` that runs in this process until the scope ends. */
export class Watching implements AsyncDisposable {
  readonly world: TryWorld;
  readonly ended: Promise<ExitCode>;

  constructor(configFolder: string, ...args: readonly string[]) {
    this.world = tryWorld({ configFolder });
    this.ended = runProgram(this.world, [
      'watch',
      '--json',
      '--settle',
      '0.2',
      '--every',
      '1',
      ...args,
    ]);
  }

  /** The events so far, one a line. */
  get events(): readonly WatchEvent[] {
    const lines = this.world.stdout.text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as WatchEvent);
  }

  /** Waits for the n-th event of a kind. @throws Error after ten seconds, with what was said */
  async event(kind: string, nth = 1): Promise<WatchEvent> {
    for (let tries = 0; tries < 500; tries += 1) {
      const found = this.events.filter(({ event }) => event === kind)[nth - 1];
      if (found !== undefined) return found;
      await sleep(20);
    }
    throw new Error(`no event ${kind}: ${this.world.stdout.text}${this.world.stderr.text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.world.interrupt();
    await this.ended;
  }
}

export interface WatchEvent {
  readonly event: string;
  readonly file?: string;
  readonly bundleId?: string;
  readonly code?: string;
}
