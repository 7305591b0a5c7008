import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { AccountId, Clock, CredentialId, HouseholdId, MemberId } from '@rootcellar/model';
import type { PeopleCatalog } from '../ports/people-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import type { Attempts } from '../sign-in/attempts.js';
import { hashPassword, hashToken, newToken, sameSecret } from './secrets.js';
import { endOf } from './sign-in.js';

/** The one-time token that proves who started the service. */
export interface SetupToken {
  /** `undefined` once it is spent. */
  read(): Promise<string | undefined>;
  spend(): Promise<void>;
}

export interface SetUpRequest {
  readonly setupToken: string;
  readonly householdName: string;
  readonly timeZone: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly computerName: string;
  /** For an agent, without it. */
  readonly kind?: 'session' | 'token';
  /** The sender's network address. */
  readonly from?: string;
}

export interface SignedIn {
  readonly accountId: AccountId;
  /** Undefined for an operator who belongs to no household. */
  readonly memberId: MemberId | undefined;
  readonly token: string;
}

export interface SetUp extends SignedIn {
  readonly householdId: HouseholdId;
  readonly memberId: MemberId;
}

export interface SetUpParts {
  readonly people: PeopleCatalog;
  readonly vaults: Vaults;
  readonly setupToken: SetupToken;
  readonly attempts: Pick<Attempts, 'begin'>;
  readonly clock: Clock;
}

/** The first household and its administrator; works once, with the token of the first start. */
export class SetUpHousehold {
  readonly #parts: SetUpParts;

  constructor(parts: SetUpParts) {
    this.#parts = parts;
  }

  /** @throws ArchiveError SETUP_DONE, SETUP_TOKEN_WRONG, INPUT_INVALID, PASSWORD_WEAK, RATE_LIMITED */
  async execute(request: SetUpRequest): Promise<SetUp> {
    const { people, vaults, setupToken, attempts, clock } = this.#parts;
    const expected = await setupToken.read();
    if (expected === undefined || (await people.hasAdministrator())) {
      throw new ArchiveError('SETUP_DONE', 'This service is set up already.', {
        hint: 'Sign in with `rootcellar login`.',
      });
    }
    const attempt = await attempts.begin('set-up', { from: request.from ?? 'unknown' });
    if (!sameSecret(request.setupToken, expected)) {
      throw new ArchiveError('SETUP_TOKEN_WRONG', 'This is not the set-up token of this service.', {
        hint: 'It is in the file `setup-token` of the data folder.',
      });
    }
    await attempt.succeeded();
    const passwordHash = await hashPassword(request.password, [request.name, request.email]);
    const householdId = newId<HouseholdId>(clock);
    const memberId = newId<MemberId>(clock);
    const accountId = newId<AccountId>(clock);
    const name = readableText(request.name, 100, 'Administrator');
    const token = newToken();
    const { kind = 'token' } = request;
    const wrappedKey = await vaults.create(householdId);
    await people.createFirst({
      household: {
        id: householdId,
        name: readableText(request.householdName, 100, 'Household'),
        timeZone: request.timeZone,
        wrappedKey,
      },
      // Who starts a service looks after it as well.
      account: { id: accountId, name, email: request.email.trim(), passwordHash, operator: true },
      member: { id: memberId, householdId, accountId, name, role: 'admin' },
      credential: {
        id: newId<CredentialId>(clock),
        ...{ accountId, memberId, kind, scope: 'admin' },
        name: readableText(request.computerName, 100, 'computer'),
        tokenHash: hashToken(token),
        expiresAt: endOf(kind, clock),
      },
    });
    await setupToken.spend();
    return { householdId, accountId, memberId, token };
  }
}
