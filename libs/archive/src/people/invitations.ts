import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { AccountId, Clock, HouseholdId, InvitationId, MemberId } from '@rootcellar/model';
import type { Origin } from '../ports/audit-trail.js';
import type {
  InvitationCatalog,
  InvitationView,
  Joined,
  NewInvitation,
} from '../ports/invitation-catalog.js';
import type { Actor, PeopleCatalog, Principal, Role } from '../ports/people-catalog.js';
import type { AccountCatalog } from '../ports/sign-in-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import { administratorOnly } from './administrator-only.js';
import { operatorOnly } from './operator-only.js';
import { doerOf, originOf } from './origin-of.js';
import { hashPassword, hashToken, newToken } from './secrets.js';
import type { SignedIn } from './set-up-household.js';
import { issueSignIn } from './sign-in.js';

export interface InvitationsParts {
  readonly invitations: InvitationCatalog;
  readonly people: Pick<PeopleCatalog, 'addCredential'>;
  readonly accounts: Pick<AccountCatalog, 'note'>;
  readonly vaults: Pick<Vaults, 'create'>;
  readonly clock: Clock;
}

/** An invitation just made. Its token is told once. */
export interface Invited {
  readonly id: InvitationId;
  readonly token: string;
  readonly expiresAt: Date;
}

const DAYS = 7;

/** How people come into a household: by a link that works once. */
export class Invitations {
  readonly #parts: InvitationsParts;

  constructor(parts: InvitationsParts) {
    this.#parts = parts;
  }

  /** @throws ArchiveError FORBIDDEN */
  async create(
    actor: Actor,
    wanted: { readonly role: Role; readonly name?: string | undefined },
  ): Promise<Invited> {
    administratorOnly(actor);
    const { accountId, householdId, memberId } = actor;
    const from = originOf(actor);
    return this.#invite(
      { ...wanted, invitedBy: accountId, householdId, memberId, from },
      (invitation) => this.#parts.invitations.create(invitation),
    );
  }

  /**
   * A household with nobody in it yet, and the invitation of its first administrator. Its operator does not belong to it.
   * @throws ArchiveError FORBIDDEN
   */
  async createHousehold(
    principal: Pick<Principal, 'accountId' | 'operator' | 'from' | 'credentialId'>,
    wanted: { readonly name: string; readonly timeZone: string },
  ): Promise<Invited & { readonly householdId: HouseholdId; readonly name: string }> {
    operatorOnly(principal);
    const { invitations, vaults, clock } = this.#parts;
    const householdId = newId<HouseholdId>(clock);
    const name = readableText(wanted.name, 100, 'Household');
    const wrappedKey = await vaults.create(householdId);
    const household = { id: householdId, name, timeZone: wanted.timeZone, wrappedKey };
    const invited = await this.#invite(
      {
        ...{ role: 'admin', invitedBy: principal.accountId, householdId, memberId: undefined },
        from: originOf(principal),
      },
      (invitation) => invitations.createHousehold(household, invitation),
    );
    return { ...invited, householdId, name };
  }

  /** @throws ArchiveError FORBIDDEN, NOT_FOUND */
  async revoke(actor: Actor, id: InvitationId): Promise<void> {
    administratorOnly(actor);
    const revoked = await this.#parts.invitations.revoke(actor.householdId, id, doerOf(actor));
    if (!revoked) throw new ArchiveError('NOT_FOUND', 'There is no such open invitation.');
  }

  /** @throws ArchiveError NOT_FOUND, the same whyever it is not valid */
  async look(token: string): Promise<InvitationView> {
    const found = await this.#parts.invitations.find(hashToken(token));
    if (found === undefined) throw notValid();
    return found;
  }

  /** With a new account, which is signed in. @throws ArchiveError NOT_FOUND, INPUT_INVALID, ACCOUNT_EXISTS */
  async accept(request: {
    readonly token: string;
    readonly name: string;
    readonly email: string;
    readonly password: string;
    readonly computerName: string;
    readonly kind: 'session' | 'token';
    /** For the audit trail. */
    readonly origin?: Origin | undefined;
  }): Promise<SignedIn> {
    const { invitations, people, accounts, clock } = this.#parts;
    // Before the password is hashed: that costs, and this is open to all.
    await this.look(request.token);
    const account = {
      id: newId<AccountId>(clock),
      name: readableText(request.name, 100, 'member'),
      email: request.email.trim(),
      passwordHash: await hashPassword(request.password, [request.name, request.email]),
      operator: false,
    };
    const memberId = newId<MemberId>(clock);
    const { origin: from, computerName: subject } = request;
    const joining = { memberId, account, from };
    const joined = await invitations.accept(hashToken(request.token), joining);
    if (joined === undefined) throw notValid();
    const accountId = account.id;
    const signedIn = await issueSignIn(people, clock, { ...request, accountId, memberId });
    await accounts.note(accountId, { action: 'signed-in', subject }, from);
    return signedIn;
  }

  /** With the account that is signed in. @throws ArchiveError NOT_FOUND, MEMBER_ALREADY */
  async join(principal: Principal, token: string): Promise<Joined> {
    const { accountId, credentialId } = principal;
    const { invitations, clock } = this.#parts;
    const memberId = newId<MemberId>(clock);
    const joining = { memberId, accountId, credentialId, from: originOf(principal) };
    const joined = await invitations.accept(hashToken(token), joining);
    if (joined === undefined) throw notValid();
    return joined;
  }

  async #invite(
    wanted: Pick<NewInvitation, 'householdId' | 'invitedBy' | 'memberId' | 'role' | 'from'> & {
      readonly name?: string | undefined;
    },
    create: (invitation: NewInvitation) => Promise<Date>,
  ): Promise<Invited> {
    const id = newId<InvitationId>(this.#parts.clock);
    const token = newToken();
    const name = readableText(wanted.name ?? '', 100, '');
    const expiresAt = await create({
      ...{ ...wanted, id, days: DAYS, tokenHash: hashToken(token) },
      name: name === '' ? undefined : name,
    });
    return { id, token, expiresAt };
  }
}

function notValid(): ArchiveError {
  return new ArchiveError(
    'NOT_FOUND',
    'This invitation is not valid: it was used or taken back, its time is over, or the link is not whole. Nothing was changed.',
    { hint: 'Ask for a new one.' },
  );
}
