import { Readable, Writable } from 'node:stream';
import { runProgram } from '@rootcellar/cli';
import type { World } from '@rootcellar/cli';
import { systemClock } from '@rootcellar/model';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Written extends Writable {
  text = '';

  override _write(piece: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(piece);
    done();
  }
}

/** Runs the command in this process, on a computer with these devices on its cables. */
export async function commandWithDevices(
  computer: {
    /** ROOTCELLAR_CONFIG */
    readonly config: string;
    readonly deviceLinks: World['deviceLinks'];
    readonly signal?: AbortSignal;
  },
  args: readonly string[],
): Promise<Ended> {
  const { config, deviceLinks, signal = new AbortController().signal } = computer;
  const [stdout, stderr] = [new Written(), new Written()];
  const env = { ROOTCELLAR_CONFIG: config };
  const stdin = Readable.from([]);
  const world = { stdin, stdout, stderr, env, platform: process.platform, clock: systemClock };
  const code = await runProgram({ ...world, signal, deviceLinks }, [...args]);
  return { code, stdout: stdout.text, stderr: stderr.text };
}
