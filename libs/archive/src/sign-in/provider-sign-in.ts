import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { AccountId, Clock, MemberId } from '@rootcellar/model';
import type { SignedIn } from '../people/set-up-household.js';
import type { Origin } from '../ports/audit-trail.js';
import type { Identity, IdentityProvider } from '../ports/identity-provider.js';
import type { Principal } from '../ports/people-catalog.js';
import type { ProviderCatalog } from '../ports/provider-catalog.js';
import type { AccountCatalog } from '../ports/sign-in-catalog.js';
import type { Challenges } from './challenges.js';
import { rolesOf } from './group-roles.js';
import type { GroupRole } from './group-roles.js';
import { changeBy } from './second-factors.js';
import type { SignIn, SignInPlace } from './sign-in.js';

export interface ProviderSignInParts {
  readonly providers: readonly IdentityProvider[];
  readonly groupRoles: readonly GroupRole[];
  readonly links: ProviderCatalog;
  readonly accounts: Pick<AccountCatalog, 'findSecrets'>;
  readonly challenges: Challenges;
  readonly signIn: SignIn;
  readonly clock: Clock;
}

/** Signing in by the word of another service. */
export class ProviderSignIn {
  readonly #parts: ProviderSignInParts;

  constructor(parts: ProviderSignInParts) {
    this.#parts = parts;
  }

  providers(): { readonly id: string; readonly name: string }[] {
    return this.#parts.providers.map(({ id, name }) => ({ id, name }));
  }

  /**
   * @param asked.linkTo the account of who is signed in and wants to be known by the provider
   * @returns where the browser goes, and what it brings back
   * @throws ArchiveError NOT_FOUND, PROVIDER_FAILED
   */
  async begin(asked: {
    readonly providerId: string;
    readonly redirectUri: string;
    readonly returnTo: string;
    readonly linkTo: AccountId | undefined;
  }): Promise<{ readonly url: string; readonly ticket: string }> {
    const { providerId, redirectUri, returnTo, linkTo } = asked;
    const { url, checks } = await this.#provider(providerId).begin(redirectUri);
    const facts = { providerId, returnTo, ...checks, ...(linkTo === undefined ? {} : { linkTo }) };
    return { url, ticket: this.#parts.challenges.make('provider', facts) };
  }

  /**
   * @param answer.by whose browser's sign-in came with it
   * @returns no sign-in when an account was linked: who asked for that has one
   * @throws ArchiveError NOT_FOUND, SIGN_IN_EXPIRED, PROVIDER_FAILED, PROVIDER_NOT_LINKED
   */
  async finish(
    answer: SignInPlace & {
      readonly providerId: string;
      readonly callback: URL;
      readonly ticket: string | undefined;
      readonly by: Principal | undefined;
    },
  ): Promise<{ readonly signedIn: SignedIn | undefined; readonly returnTo: string }> {
    const { challenges, links, signIn, clock } = this.#parts;
    const provider = this.#provider(answer.providerId);
    const opened = challenges.open('provider', answer.ticket ?? '');
    const { state = '', nonce = '', verifier = '', returnTo = '/', linkTo } = opened.facts;
    // Of another provider: its word must not stand for this one's.
    if (opened.facts['providerId'] !== provider.id) throw notLinked();
    const identity = await provider.finish(answer.callback, { state, nonce, verifier });
    await opened.spend();
    if (linkTo !== undefined) {
      if (answer.by?.accountId !== linkTo) throw notLinked();
      const change = changeBy(answer.by, 'provider-linked', provider.name);
      if (!(await links.link(change, identity))) throw notLinked();
      return { signedIn: undefined, returnTo };
    }
    const accountId =
      (await links.findLinked(identity, clock.now())) ?? (await this.#createFor(identity));
    await this.#applyGroups(accountId, identity, answer.origin);
    return { signedIn: await signIn.issue(accountId, answer), returnTo };
  }

  #provider(id: string): IdentityProvider {
    const provider = this.#parts.providers.find((each) => each.id === id);
    if (provider === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such provider.');
    return provider;
  }

  /**
   * An unknown identity gets an account of its own, if one of its groups belongs here. It never gets somebody else's: an address that is in
   * use here proves nothing about who uses it there.
   */
  async #createFor(identity: Identity): Promise<AccountId> {
    const { groupRoles, links, clock } = this.#parts;
    const { email, emailVerified, groups = [] } = identity;
    const belongs = rolesOf(groupRoles, groups).some(({ role }) => role !== undefined);
    if (!belongs || email === undefined || !emailVerified) throw notLinked();
    const id = newId<AccountId>(clock);
    const name = readableText(identity.name ?? email, 100, 'Member');
    const account = { id, name, email, passwordHash: undefined, operator: false };
    if (!(await links.createLinked(account, identity))) throw notLinked();
    return id;
  }

  async #applyGroups(
    accountId: AccountId,
    { groups }: Identity,
    from: Origin | undefined,
  ): Promise<void> {
    const { groupRoles, links, accounts, clock } = this.#parts;
    // A provider that says nothing about groups takes nothing away.
    if (groups === undefined || groupRoles.length === 0) return;
    const name = (await accounts.findSecrets(accountId))?.name ?? 'Member';
    const roles = rolesOf(groupRoles, groups);
    await links.applyRoles({ accountId, name, from }, roles, () => newId<MemberId>(clock));
  }
}

/** One answer for an identity nobody knows, for one whose address is in use here, and for one that belongs to somebody else. */
function notLinked(): ArchiveError {
  return new ArchiveError(
    'PROVIDER_NOT_LINKED',
    'What the provider says of you is connected with no account here. Nobody was signed in.',
    { hint: 'Sign in the way you did before, and connect the provider on your account page.' },
  );
}
