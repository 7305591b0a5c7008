import { createHash, randomBytes } from 'node:crypto';
import { ArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import type { Seals } from '../ports/seals.js';
import type { AccountCatalog } from '../ports/sign-in-catalog.js';

/** The step of a sign-in that a challenge is for. */
export type ChallengeKind = 'second-factor' | 'passkey-sign-in' | 'passkey-add' | 'provider';

/** What is remembered from one step to the next. */
export type ChallengeFacts = Readonly<Record<string, string>>;

export interface OpenedChallenge {
  readonly facts: ChallengeFacts;
  /** It is good once. @throws ArchiveError SIGN_IN_EXPIRED */
  spend(): Promise<void>;
}

/** At a provider somebody may have to look for a password first. */
const GOOD_MS: Readonly<Record<ChallengeKind, number>> = {
  'second-factor': 5 * 60_000,
  'passkey-sign-in': 5 * 60_000,
  'passkey-add': 5 * 60_000,
  provider: 10 * 60_000,
};
const MAX_LENGTH = 4096;

/**
 * What a sign-in remembers between two requests goes to its sender, sealed: nothing is kept for who never comes back, and whoever has the
 * database cannot make one.
 */
export class Challenges {
  readonly #parts: {
    readonly seals: Seals;
    readonly accounts: Pick<AccountCatalog, 'spend'>;
    readonly clock: Clock;
  };

  constructor(parts: {
    readonly seals: Seals;
    readonly accounts: Pick<AccountCatalog, 'spend'>;
    readonly clock: Clock;
  }) {
    this.#parts = parts;
  }

  make(kind: ChallengeKind, facts: ChallengeFacts): string {
    const { seals, clock } = this.#parts;
    const untilMs = clock.now().getTime() + GOOD_MS[kind];
    const text = JSON.stringify([untilMs, randomBytes(16).toString('base64url'), facts]);
    return Buffer.from(seals.seal('challenge', kind, Buffer.from(text))).toString('base64url');
  }

  /** @throws ArchiveError SIGN_IN_EXPIRED, also for what was not made here or for another step */
  open(kind: ChallengeKind, text: string): OpenedChallenge {
    const { seals, accounts, clock } = this.#parts;
    const sealed = Buffer.from(text.slice(0, MAX_LENGTH), 'base64url');
    const opened = seals.open('challenge', kind, sealed);
    if (opened === undefined) throw expired();
    const [untilMs, , facts] = JSON.parse(Buffer.from(opened).toString()) as [
      number,
      string,
      ChallengeFacts,
    ];
    if (clock.now().getTime() >= untilMs) throw expired();
    return {
      facts,
      spend: async () => {
        const hash = createHash('sha256').update(opened).digest();
        if (!(await accounts.spend(hash, new Date(untilMs)))) throw expired();
      },
    };
  }
}

function expired(): ArchiveError {
  return new ArchiveError(
    'SIGN_IN_EXPIRED',
    'This step of the sign-in is over: it came too late, or was done before.',
    { hint: 'Begin the sign-in again.' },
  );
}
