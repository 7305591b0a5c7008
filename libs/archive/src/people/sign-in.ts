import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { AccountId, Clock, CredentialId, MemberId } from '@rootcellar/model';
import type { Actor, PeopleCatalog, Principal, Scope } from '../ports/people-catalog.js';
import type { SignedIn } from './set-up-household.js';
import { hashToken, newToken, verifyPassword } from './secrets.js';

/** Password in, token out. */
export class SignIn {
  readonly #people: PeopleCatalog;
  readonly #clock: Clock;

  constructor(people: PeopleCatalog, clock: Clock) {
    this.#people = people;
    this.#clock = clock;
  }

  /** @throws ArchiveError SIGN_IN_FAILED, the same for an unknown address and a wrong password */
  async execute(request: {
    readonly email: string;
    readonly password: string;
    readonly computerName: string;
    readonly kind: 'session' | 'token';
  }): Promise<SignedIn> {
    const found = await this.#people.findAccount(request.email.trim());
    const verified = await verifyPassword(request.password, found?.passwordHash);
    if (!verified || found === undefined) {
      throw new ArchiveError(
        'SIGN_IN_FAILED',
        'E-mail address and password do not belong together.',
      );
    }
    const { accountId } = found;
    // Somebody of several households says which with a request of their own.
    const [membership] = await this.#people.memberships(accountId);
    const memberId = membership?.memberId;
    return issueSignIn(this.#people, this.#clock, { ...request, accountId, memberId });
  }
}

/** A new sign-in of somebody who has shown who they are: for a browser or an agent, of the widest scope unless it is said. */
export async function issueSignIn(
  people: Pick<PeopleCatalog, 'addCredential'>,
  clock: Clock,
  {
    accountId,
    memberId,
    ...wanted
  }: {
    readonly accountId: AccountId;
    readonly memberId: MemberId | undefined;
    readonly kind: 'session' | 'token';
    readonly scope?: Scope;
    readonly computerName: string;
  },
): Promise<SignedIn> {
  const token = newToken();
  await people.addCredential({
    id: newId<CredentialId>(clock),
    ...{ accountId, memberId, kind: wanted.kind, scope: wanted.scope ?? 'admin' },
    name: readableText(wanted.computerName, 100, 'computer'),
    tokenHash: hashToken(token),
  });
  return { accountId, memberId, token };
}

const TOKEN_MAX_LENGTH = 200;

/** @throws ArchiveError NOT_SIGNED_IN */
export async function authenticate(
  people: PeopleCatalog,
  token: string | undefined,
): Promise<Principal> {
  const known = token !== undefined && token.length <= TOKEN_MAX_LENGTH;
  const principal = known ? await people.findPrincipal(hashToken(token)) : undefined;
  if (principal === undefined) throw notSignedIn();
  return principal;
}

export function notSignedIn(): ArchiveError {
  return new ArchiveError(
    'NOT_SIGNED_IN',
    'This needs a sign-in, and the one that came is missing or not valid any more.',
    { hint: 'Run `rootcellar login`.' },
  );
}

/** Who acts in the household of a sign-in. @throws ArchiveError FORBIDDEN for an operator who belongs to none */
export function memberActing({ membership, ...principal }: Principal): Actor {
  if (membership === undefined) {
    throw new ArchiveError('FORBIDDEN', 'This sign-in belongs to no household.', {
      hint: 'Somebody of the household must invite you.',
    });
  }
  return { ...principal, ...membership };
}

/** Somebody whose membership has ended but for reading changes nothing in the household any more. @throws ArchiveError MEMBER_LEAVING */
export function notLeaving({ leavingUntil }: Pick<Actor, 'leavingUntil'>): void {
  if (leavingUntil === undefined) return;
  throw new ArchiveError(
    'MEMBER_LEAVING',
    'Your membership of this household has ended: you can still read what is yours, and change nothing.',
    {
      details: { until: leavingUntil.toISOString() },
      hint: '`rootcellar restore` takes it along.',
    },
  );
}

const SCOPES: readonly Scope[] = ['push', 'restore', 'admin'];

/** @throws ArchiveError SCOPE_TOO_NARROW */
export function requireScope(has: Scope, needed: Scope): void {
  if (SCOPES.indexOf(has) >= SCOPES.indexOf(needed)) return;
  throw new ArchiveError(
    'SCOPE_TOO_NARROW',
    `This sign-in is for \`${has}\` only; what was asked for needs \`${needed}\`. Nothing was done.`,
    { details: { scope: has, needed } },
  );
}
