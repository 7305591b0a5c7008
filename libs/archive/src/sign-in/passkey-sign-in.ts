import { randomBytes } from 'node:crypto';
import type { Clock } from '@rootcellar/model';
import type { SignedIn } from '../people/set-up-household.js';
import type { PasskeyCeremonies } from '../ports/passkey-ceremonies.js';
import type { PasskeyCatalog } from '../ports/sign-in-catalog.js';
import type { Attempts } from './attempts.js';
import type { Challenges } from './challenges.js';
import { refused } from './passkeys.js';
import { relyingParty } from './relying-party.js';
import type { SignIn, SignInPlace } from './sign-in.js';

export interface PasskeySignInParts {
  readonly passkeys: PasskeyCatalog;
  readonly ceremonies: PasskeyCeremonies;
  readonly challenges: Challenges;
  readonly attempts: Attempts;
  readonly signIn: SignIn;
  readonly clock: Clock;
}

const CHALLENGE_BYTES = 32;
const HANDLE_MAX = 1400;

/** A passkey verifies its user itself, so it is both factors at once; it is good as the second after a password as well. */
export class PasskeySignIn {
  readonly #parts: PasskeySignInParts;

  constructor(parts: PasskeySignInParts) {
    this.#parts = parts;
  }

  /**
   * @param address the service's own
   * @param firstStep the challenge of a sign-in with a password: then only that account's passkeys will do
   * @throws ArchiveError PASSKEY_NEEDS_NAME, SIGN_IN_EXPIRED
   */
  async options(
    address: string,
    firstStep?: string,
  ): Promise<{ readonly passkeyChallenge: string; readonly options: Record<string, unknown> }> {
    const { passkeys, ceremonies, challenges, signIn } = this.#parts;
    const party = relyingParty(address);
    const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
    if (firstStep === undefined) {
      return {
        passkeyChallenge: challenges.make('passkey-sign-in', { challenge }),
        options: await ceremonies.requestOptions({ party, challenge }),
      };
    }
    const { accountId } = await signIn.openFirstStep(firstStep);
    const allow = await passkeys.list(accountId);
    return {
      passkeyChallenge: challenges.make('passkey-sign-in', { challenge, accountId }),
      options: await ceremonies.requestOptions({ party, challenge, allow }),
    };
  }

  /** @throws ArchiveError PASSKEY_REFUSED, SIGN_IN_EXPIRED, PASSKEY_NEEDS_NAME, RATE_LIMITED */
  async execute(
    request: SignInPlace & {
      readonly passkeyChallenge: string;
      readonly response: Readonly<Record<string, unknown>>;
      readonly address: string;
    },
  ): Promise<SignedIn> {
    const { passkeys, ceremonies, challenges, attempts, signIn, clock } = this.#parts;
    const party = relyingParty(request.address);
    const opened = challenges.open('passkey-sign-in', request.passkeyChallenge);
    const { challenge = '', accountId } = opened.facts;
    const attempt = await attempts.begin('passkey', { from: request.from });
    const passkey = await passkeys.find(handleIn(request.response));
    if (passkey === undefined || (accountId !== undefined && passkey.accountId !== accountId))
      throw refused();
    const { response } = request;
    const counter = await ceremonies.verifyRequest({ party, challenge, response, passkey });
    if (counter === undefined) throw refused();
    await opened.spend();
    // Two at a time with one counter: a copy of the key is about.
    if (!(await passkeys.use(passkey.id, counter, clock.now()))) throw refused();
    await attempt.succeeded();
    return signIn.issue(passkey.accountId, request);
  }
}

function handleIn({ id }: Readonly<Record<string, unknown>>): Uint8Array {
  return Buffer.from(typeof id === 'string' ? id.slice(0, HANDLE_MAX) : '', 'base64url');
}
