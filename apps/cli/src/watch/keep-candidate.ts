import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { Crew } from '../crew/crew.js';
import { addPackage } from '../package/add-package.js';
import type { AddedPackage } from '../package/add-package.js';
import type { StoredProfile } from '../profile-store.js';
import { pushBackup } from '../push/push-backup.js';
import type { PushResult } from '../push/push-backup.js';
import type { Service } from '../service.js';
import { Output } from '../terminal/output.js';
import { Progress } from '../terminal/progress.js';
import type { Candidate } from './find-candidates.js';

/** What was kept. */
export type KeptThing =
  ({ readonly kind: 'package' } & AddedPackage) | ({ readonly kind: 'backup' } & PushResult);

/** Hands what was found to the service, as whoever this computer is signed in as by then: a sign-in may end and begin meanwhile. */
export class Keeper {
  readonly #context: Context;
  readonly #account: string;
  #connection: { readonly profile: StoredProfile; readonly service: Service } | undefined;
  #crew: Crew | undefined;

  constructor(context: Context, profile: StoredProfile) {
    this.#context = context;
    this.#account = accountOf(profile).join(' ');
  }

  readonly keep = async ({ kind, path }: Candidate): Promise<KeptThing> => {
    const { service, profile } = await this.#connect();
    return kind === 'package'
      ? { kind, ...(await addPackage(this.#addParts(service), path)) }
      : { kind, ...(await this.#push(service, profile, path)) };
  };

  /** Threads are for when there is work. */
  async idle(): Promise<void> {
    const crew = this.#crew;
    this.#crew = undefined;
    await crew?.close();
  }

  #addParts(service: Service): Parameters<typeof addPackage>[0] {
    this.#crew ??= new Crew();
    return { service, crew: this.#crew, onSent: () => undefined };
  }

  async #push(service: Service, profile: StoredProfile, folder: string): Promise<PushResult> {
    const { world, configFolder } = this.#context;
    const silent = new Output({ ...world, json: false, quiet: true });
    return pushBackup(
      {
        ...{ service, clock: world.clock, signal: world.signal },
        memoryFolder: join(configFolder, 'push-memory'),
        account: accountOf(profile),
        progress: new Progress(silent, world.clock, 'Pushing'),
      },
      { folder, acceptIncomplete: false },
    );
  }

  /** @throws ArchiveError NOT_SIGNED_IN, WATCH_OTHER_SIGN_IN */
  async #connect(): Promise<{ readonly profile: StoredProfile; readonly service: Service }> {
    const profile = await this.#context.profile();
    if (accountOf(profile).join(' ') !== this.#account) throw otherSignIn();
    const before = this.#connection;
    if (before?.profile.token === profile.token) return before;
    before?.service.close();
    const service = this.#context.connect(profile.server, { token: profile.token });
    this.#connection = { profile, service };
    return this.#connection;
  }
}

/** What tells one sign-in's things from another's. */
export function accountOf(profile: StoredProfile): readonly string[] {
  return [profile.server, profile.householdId, profile.memberId];
}

function otherSignIn(): ArchiveError {
  return new ArchiveError(
    'WATCH_OTHER_SIGN_IN',
    'This computer is signed in as somebody else by now; what was found was kept for nobody.',
    { hint: 'Start the command again if the folders are to be kept for them.' },
  );
}
