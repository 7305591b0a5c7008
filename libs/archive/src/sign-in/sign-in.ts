import { ArchiveError } from '@rootcellar/model';
import type { AccountId, Clock, MemberId } from '@rootcellar/model';
import { hashToken, verifyPassword } from '../people/secrets.js';
import { issueSignIn } from '../people/sign-in.js';
import type { SignedIn } from '../people/set-up-household.js';
import type { Origin } from '../ports/audit-trail.js';
import type { PeopleCatalog } from '../ports/people-catalog.js';
import type {
  AccountCatalog,
  PasskeyCatalog,
  SecondFactorCatalog,
} from '../ports/sign-in-catalog.js';
import type { Attempts } from './attempts.js';
import type { Challenges } from './challenges.js';
import type { SecondFactors } from './second-factors.js';

export type Factor = 'totp' | 'recovery-code' | 'passkey';

/** A sign-in, or what it still needs. */
export type SignInOutcome =
  | (SignedIn & { readonly status: 'signed-in' })
  | {
      readonly status: 'second-factor';
      readonly challenge: string;
      readonly factors: readonly Factor[];
    };

/** Where a sign-in is going to live, and where it is asked for. */
export interface SignInPlace {
  readonly kind: 'session' | 'token';
  readonly computerName: string;
  /** The sender's network address. */
  readonly from: string;
  /** For the audit trail. */
  readonly origin?: Origin | undefined;
}

export interface SignInParts {
  readonly people: PeopleCatalog;
  readonly accounts: AccountCatalog;
  readonly factors: SecondFactorCatalog;
  readonly passkeys: Pick<PasskeyCatalog, 'list'>;
  readonly secondFactors: SecondFactors;
  readonly challenges: Challenges;
  readonly attempts: Attempts;
  readonly clock: Clock;
}

/** Password in, token out; with a second step where the account has an authenticator app. */
export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** @throws ArchiveError SIGN_IN_FAILED, the same for an unknown address and a wrong password; RATE_LIMITED */
  async execute(
    request: SignInPlace & { readonly email: string; readonly password: string },
  ): Promise<SignInOutcome> {
    const { people, accounts, attempts } = this.#parts;
    const about = request.email.trim();
    const attempt = await attempts.begin('sign-in', { from: request.from, about });
    const found = await people.findAccount(about);
    const verified = await verifyPassword(request.password, found?.passwordHash);
    if (!verified || found === undefined) {
      // Not waited for: whether it is written must not be told by time.
      if (found !== undefined) void noteFailure(accounts, found.accountId, request);
      throw new ArchiveError(
        'SIGN_IN_FAILED',
        'E-mail address and password do not belong together.',
      );
    }
    const { accountId } = found;
    const factors = await this.#factorsOf(accountId);
    await attempt.succeeded({ known: factors.length === 0 });
    if (factors.length === 0)
      return { status: 'signed-in', ...(await this.issue(accountId, request)) };
    const facts = { accountId, about, password: markOf(found.passwordHash) };
    const challenge = this.#parts.challenges.make('second-factor', facts);
    return { status: 'second-factor', challenge, factors };
  }

  /** The second step, with one of the codes. @throws ArchiveError SIGN_IN_EXPIRED, SECOND_FACTOR_WRONG, RATE_LIMITED */
  async finish(
    request: SignInPlace & {
      readonly challenge: string;
      readonly totp?: string | undefined;
      readonly recoveryCode?: string | undefined;
    },
  ): Promise<SignedIn> {
    const { attempts, secondFactors, accounts } = this.#parts;
    const opened = await this.openFirstStep(request.challenge);
    const { accountId, about } = opened;
    const attempt = await attempts.begin('second-factor', { from: request.from, about: accountId });
    if (!(await secondFactors.verify(accountId, request))) {
      void noteFailure(accounts, accountId, request);
      throw new ArchiveError(
        'SECOND_FACTOR_WRONG',
        'The code is wrong, too old or was used before. Nobody was signed in.',
        { hint: 'Wait for the next code of the app, and look at the clock of the phone.' },
      );
    }
    await opened.spend();
    await attempt.succeeded({ known: true });
    const first = await attempts.begin('sign-in', { from: request.from, about });
    await first.succeeded({ known: true });
    return this.issue(accountId, request);
  }

  /** Whose password was right in the first step. @throws ArchiveError SIGN_IN_EXPIRED, also when the password was changed since */
  async openFirstStep(challenge: string): Promise<{
    readonly accountId: AccountId;
    readonly about: string;
    readonly spend: () => Promise<void>;
  }> {
    const { challenges, accounts } = this.#parts;
    const opened = challenges.open('second-factor', challenge);
    const { facts } = opened;
    const accountId = facts['accountId'] as AccountId;
    const secrets = await accounts.findSecrets(accountId);
    if (secrets === undefined || markOf(secrets.passwordHash) !== facts['password'])
      throw new ArchiveError('SIGN_IN_EXPIRED', 'The account changed since. Begin again.');
    return { accountId, about: facts['about'] ?? '', spend: async () => opened.spend() };
  }

  /** The sign-in of who has shown all that was asked for, noted in the audit trail. */
  async issue(
    accountId: AccountId,
    { kind, computerName, origin }: Omit<SignInPlace, 'from'>,
  ): Promise<SignedIn> {
    const { people, accounts, clock } = this.#parts;
    // Somebody of several households says which with a request of their own.
    const [membership] = await people.memberships(accountId);
    const memberId: MemberId | undefined = membership?.memberId;
    const signedIn = await issueSignIn(people, clock, { accountId, memberId, kind, computerName });
    await accounts.note(accountId, { action: 'signed-in', subject: computerName }, origin);
    return signedIn;
  }

  /** None where a password is all. */
  async #factorsOf(accountId: AccountId): Promise<readonly Factor[]> {
    const { factors, passkeys } = this.#parts;
    if ((await factors.findTotp(accountId))?.confirmed !== true) return [];
    const [left, keys] = await Promise.all([
      factors.recoveryCodesLeft(accountId),
      passkeys.list(accountId),
    ]);
    return [
      'totp',
      ...(left > 0 ? (['recovery-code'] as const) : []),
      ...(keys.length > 0 ? (['passkey'] as const) : []),
    ];
  }
}

async function noteFailure(
  accounts: Pick<AccountCatalog, 'note'>,
  accountId: AccountId,
  { computerName: subject, origin }: SignInPlace,
): Promise<void> {
  // The database goes, or the service stops: the answer went out already, and there is nobody to tell.
  await accounts
    .note(accountId, { action: 'sign-in-failed', subject }, origin)
    .catch(() => undefined);
}

/** Changes with the password. */
function markOf(passwordHash: string | undefined): string {
  return Buffer.from(hashToken(passwordHash ?? '')).toString('base64url');
}
