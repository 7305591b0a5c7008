import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { AccountId, Clock, CredentialId, MemberId } from '@rootcellar/model';
import type { Actor, PeopleCatalog, Principal, Scope } from '../ports/people-catalog.js';
import type { SignedIn } from './set-up-household.js';
import { hashToken, newToken } from './secrets.js';

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
  const { kind } = wanted;
  await people.addCredential({
    id: newId<CredentialId>(clock),
    ...{ accountId, memberId, kind, scope: wanted.scope ?? 'admin' },
    name: readableText(wanted.computerName, 100, 'computer'),
    tokenHash: hashToken(token),
    expiresAt: endOf(kind, clock),
  });
  return { accountId, memberId, token };
}

/** However much it is used; what was not used for long is over before (`SESSION_IDLE_DAYS`). */
const SESSION_DAYS = 90;
export const SESSION_IDLE_DAYS = 30;
const DAY_MS = 86_400_000;

/** A browser's sign-in ends by itself; an agent's when somebody ends it. */
export function endOf(kind: 'session' | 'token', clock: Clock): Date | undefined {
  return kind === 'session' ? new Date(clock.now().getTime() + SESSION_DAYS * DAY_MS) : undefined;
}

const RENEW_AFTER_MS = DAY_MS;
/** Requests that are under way still carry the token before. */
const PREVIOUS_GOOD_MS = 60_000;

/**
 * A browser's token is replaced once a day: one that was copied is of no use for long.
 * @returns the new one; undefined when it is not time, or another request did it just now
 */
export async function renewSession(
  people: Pick<PeopleCatalog, 'renewCredential'>,
  clock: Clock,
  token: string,
): Promise<string | undefined> {
  const fresh = newToken();
  const now = clock.now();
  const renewed = await people.renewCredential({
    ...{ tokenHash: hashToken(token), newHash: hashToken(fresh), now },
    notSince: new Date(now.getTime() - RENEW_AFTER_MS),
    previousUntil: new Date(now.getTime() + PREVIOUS_GOOD_MS),
  });
  return renewed ? fresh : undefined;
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
    {
      details: { scope: has, needed },
      hint: '`rootcellar login` signs in as yourself; a token for more is made by `rootcellar token create`.',
    },
  );
}
