import { hostname } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { newTraceId } from '@rootcellar/client';
import type { DeviceLinkFactory } from '@rootcellar/device-link';
import { ArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { ProfileStore, configFolder } from './profile-store.js';
import type { StoredProfile } from './profile-store.js';
import { Service } from './service.js';
import { formatDuration } from './terminal/format-duration.js';
import { Output } from './terminal/output.js';

/** What a command may touch of the world; handed in, so that tests can hand in another. */
export interface World {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ways of talking to devices, by name; the first is taken unless another is named. */
  readonly deviceLinks: ReadonlyMap<string, DeviceLinkFactory>;
}

export interface GlobalOptions {
  readonly server?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const DEFAULT_SERVER = 'http://127.0.0.1:4470';
const DEFAULT_PROFILE = 'default';
/** A service that restarts or a network that hiccups must not end a push. */
const PATIENCE_MS = 5 * 60_000;
/** Somebody waits in front of a short command. */
const SHORT_PATIENCE_MS = 3_000;
const WAIT_NOTE_MS = 10_000;

/** How long a command waits for a service that is away: `long` for work that takes long itself. */
export type Patience = 'short' | 'long';

/** One run of the command: its options, its output, its sign-in. */
export class Context {
  readonly world: World;
  readonly output: Output;
  readonly profiles: ProfileStore;
  readonly configFolder: string;
  /** Of this run; sent with every request. */
  readonly traceId = newTraceId();
  readonly #options: GlobalOptions;
  readonly #services: Service[] = [];
  readonly #others: Context[] = [];
  #waitNotedAt: number | undefined;

  constructor(world: World, options: GlobalOptions) {
    this.world = world;
    this.#options = options;
    const { stdout, stderr } = world;
    this.output = new Output({
      stdout,
      stderr,
      json: options.json === true,
      quiet: options.quiet === true,
      // https://no-color.org
      color: this.#setting('NO_COLOR') === undefined,
    });
    this.configFolder = configFolder(world.env, world.platform);
    this.profiles = new ProfileStore(this.configFolder);
  }

  get profileName(): string {
    return this.#options.profile ?? this.#setting('ROOTCELLAR_PROFILE') ?? DEFAULT_PROFILE;
  }

  /** The sign-in of this computer. @throws ArchiveError NOT_SIGNED_IN */
  async profile(): Promise<StoredProfile> {
    const stored = await this.profiles.read(this.profileName);
    if (stored === undefined) {
      throw new ArchiveError('NOT_SIGNED_IN', 'This computer is not signed in.', {
        hint: 'Run `rootcellar login`, or `rootcellar setup` if the service is new.',
      });
    }
    return { ...stored, server: this.#serverOption() ?? stored.server };
  }

  /** Where to sign in: the option, the environment, what somebody was told, the sign-in before, this machine. */
  async server(told?: string): Promise<string> {
    return (
      this.#serverOption() ??
      told ??
      (await this.profiles.read(this.profileName))?.server ??
      DEFAULT_SERVER
    );
  }

  /** The service, signed in. `long` work waits for a service that is away for a while. */
  async signedIn(work: Patience = 'short'): Promise<Service> {
    const { server, token } = await this.profile();
    return this.connect(server, { token, work });
  }

  connect(
    server: string,
    options: { readonly token?: string; readonly work?: Patience } = {},
  ): Service {
    const { clock, signal } = this.world;
    const service = new Service({
      server,
      token: options.token,
      traceId: this.traceId,
      clock,
      signal,
      patienceMs: options.work === 'long' ? PATIENCE_MS : SHORT_PATIENCE_MS,
      onWait: (waitedMs) => {
        if (options.work === 'long') this.#noteWait(server, waitedMs);
      },
    });
    this.#services.push(service);
    return service;
  }

  /** What this computer's sign-in is called in the list of sign-ins. */
  get computerName(): string {
    return hostname();
  }

  /** The same run with another sign-in of this computer, unless the command line names one. */
  named(profile: string): Context {
    if (this.#options.profile !== undefined) return this;
    const other = new Context(this.world, { ...this.#options, profile });
    this.#others.push(other);
    return other;
  }

  /** Which way of talking to devices the environment asks for. */
  get deviceLinkName(): string | undefined {
    return this.#setting('ROOTCELLAR_DEVICE_LINK');
  }

  close(): void {
    for (const other of this.#others) other.close();
    for (const service of this.#services) service.close();
  }

  /** Many requests may be waiting at a time: one word for all of them, and not at every try. */
  #noteWait(server: string, waitedMs: number): void {
    const now = this.world.clock.monotonicMs();
    if (this.#waitNotedAt !== undefined && now - this.#waitNotedAt < WAIT_NOTE_MS) return;
    this.#waitNotedAt = now;
    const left = formatDuration((PATIENCE_MS - waitedMs) / 1000);
    this.output.note(`Waiting for the service at ${server}; giving up in ${left} …`);
  }

  /** Set to nothing is not set. */
  #setting(name: string): string | undefined {
    const value = this.world.env[name];
    return value === '' ? undefined : value;
  }

  #serverOption(): string | undefined {
    const server = this.#options.server ?? this.#setting('ROOTCELLAR_SERVER');
    if (server === undefined) return undefined;
    if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
      throw new ArchiveError(
        'INPUT_INVALID',
        'The server must be a URL such as http://127.0.0.1:4470.',
      );
    }
    return server.replace(/\/+$/, '');
  }
}
