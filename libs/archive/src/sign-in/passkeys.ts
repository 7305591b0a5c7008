import { randomBytes } from 'node:crypto';
import { ArchiveError, isArchiveError, newId, readableText } from '@rootcellar/model';
import type { AccountId, Clock } from '@rootcellar/model';
import type { PasskeyCeremonies } from '../ports/passkey-ceremonies.js';
import type { Principal } from '../ports/people-catalog.js';
import type { AccountCatalog, PasskeyCatalog, PasskeyId } from '../ports/sign-in-catalog.js';
import type { Challenges } from './challenges.js';
import { relyingParty } from './relying-party.js';
import { changeBy } from './second-factors.js';

export interface PasskeysParts {
  readonly passkeys: PasskeyCatalog;
  readonly accounts: Pick<AccountCatalog, 'findSecrets'>;
  readonly ceremonies: PasskeyCeremonies;
  readonly challenges: Challenges;
  readonly clock: Clock;
}

export interface PasskeyView {
  readonly id: PasskeyId;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

const CHALLENGE_BYTES = 32;
/** Far more than anybody has devices. */
const PASSKEYS_MAX = 50;

/** An account's own passkeys. */
export class Passkeys {
  readonly #parts: PasskeysParts;

  constructor(parts: PasskeysParts) {
    this.#parts = parts;
  }

  /** Whether browsers allow passkeys at an address. */
  workAt(address: string): boolean {
    try {
      relyingParty(address);
      return true;
    } catch (error) {
      if (isArchiveError(error, 'PASSKEY_NEEDS_NAME')) return false;
      throw error;
    }
  }

  async list(accountId: AccountId): Promise<readonly PasskeyView[]> {
    const found = await this.#parts.passkeys.list(accountId);
    return found.map(({ id, name, createdAt, lastUsedAt }) => ({
      id,
      name,
      createdAt,
      lastUsedAt,
    }));
  }

  /** @param address the service's own. @throws ArchiveError PASSKEY_NEEDS_NAME */
  async options(
    accountId: AccountId,
    address: string,
  ): Promise<{ readonly passkeyChallenge: string; readonly options: Record<string, unknown> }> {
    const { passkeys, accounts, ceremonies, challenges } = this.#parts;
    const party = relyingParty(address);
    const secrets = await accounts.findSecrets(accountId);
    if (secrets === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such account.');
    const { email, name } = secrets;
    const exclude = await passkeys.list(accountId);
    if (exclude.length >= PASSKEYS_MAX)
      throw new ArchiveError('TOO_LARGE', `An account has at most ${PASSKEYS_MAX} passkeys.`);
    const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
    const user = { id: Buffer.from(accountId.replaceAll('-', ''), 'hex'), email, name };
    return {
      passkeyChallenge: challenges.make('passkey-add', { accountId, challenge }),
      options: await ceremonies.creationOptions({ party, challenge, user, exclude }),
    };
  }

  /** @throws ArchiveError SIGN_IN_EXPIRED, PASSKEY_REFUSED, PASSKEY_NEEDS_NAME */
  async add(
    principal: Principal,
    request: {
      readonly passkeyChallenge: string;
      readonly name: string;
      readonly response: Readonly<Record<string, unknown>>;
      readonly address: string;
    },
  ): Promise<PasskeyId> {
    const { passkeys, ceremonies, challenges, clock } = this.#parts;
    const party = relyingParty(request.address);
    const opened = challenges.open('passkey-add', request.passkeyChallenge);
    const { accountId, challenge = '' } = opened.facts;
    if (accountId !== principal.accountId) throw refused();
    const { response } = request;
    const key = await ceremonies.verifyCreation({ party, challenge, response });
    if (key === undefined) throw refused();
    await opened.spend();
    const id = newId<PasskeyId>(clock);
    const name = readableText(request.name, 100, 'passkey');
    const change = changeBy(principal, 'second-factor-added', `passkey ${name}`);
    if (!(await passkeys.add(change, { id, name, ...key }))) throw refused();
    return id;
  }

  /** @throws ArchiveError NOT_FOUND */
  async remove(principal: Principal, id: PasskeyId): Promise<void> {
    const change = changeBy(principal, 'second-factor-removed', 'passkey');
    if (!(await this.#parts.passkeys.remove(change, id)))
      throw new ArchiveError('NOT_FOUND', 'There is no such passkey.');
  }
}

export function refused(): ArchiveError {
  return new ArchiveError(
    'PASSKEY_REFUSED',
    'The passkey is unknown here, or its answer does not prove what it must. Nobody was signed in, and nothing was changed.',
  );
}
