import { PassThrough, Readable, Writable } from 'node:stream';
import { systemClock } from '@rootcellar/model';
import type { World } from '../context.js';
import type { ExitCode } from '../exit-code.js';
import { runProgram } from '../program.js';
import { ProfileStore } from '../profile-store.js';

/** A stream that keeps what is written. */
export class Written extends Writable {
  readonly isTTY: boolean;
  text = '';

  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }

  override _write(piece: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(piece);
    done();
  }
}

export interface TryWorld extends World {
  readonly stdout: Written;
  readonly stderr: Written;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

export interface WorldSpec {
  readonly configFolder: string;
  readonly env?: World['env'];
  /** What comes from a pipe on standard input. */
  readonly piped?: string;
  /** What is typed at a terminal. */
  readonly keys?: Terminal;
  readonly watched?: boolean;
  readonly clock?: World['clock'];
  /** None unless given, as in a build that cannot talk to devices. */
  readonly deviceLinks?: World['deviceLinks'];
}

export function tryWorld(spec: WorldSpec): TryWorld {
  const interrupt = new AbortController();
  return {
    stdin: spec.keys ?? Readable.from(spec.piped === undefined ? [] : [Buffer.from(spec.piped)]),
    stdout: new Written(),
    stderr: new Written(spec.watched),
    env: { ROOTCELLAR_CONFIG: spec.configFolder, ...spec.env },
    platform: process.platform,
    clock: spec.clock ?? systemClock,
    signal: interrupt.signal,
    deviceLinks: spec.deviceLinks ?? new Map(),
    interrupt: () => {
      interrupt.abort();
    },
  };
}

/** A terminal somebody types at. */
export class Terminal extends PassThrough {
  readonly isTTY = true;
  raw = false;

  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
}

export interface Ended {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line to its end. */
export async function run(spec: WorldSpec, ...args: string[]): Promise<Ended> {
  const world = tryWorld(spec);
  const exitCode = await runProgram(world, args);
  return { exitCode, out: world.stdout.text, err: world.stderr.text };
}

/** Signs a configuration in without asking the service. */
export async function signIn(configFolder: string, server: string): Promise<void> {
  await new ProfileStore(configFolder).write('default', {
    ...{ server, token: 'a-token', memberId: 'ada', householdId: 'home' },
  });
}
