import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { Clock, CredentialId } from '@rootcellar/model';
import type { Actor, PeopleCatalog } from '../ports/people-catalog.js';
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
  }): Promise<SignedIn> {
    const found = await this.#people.findPassword(request.email.trim());
    const verified = await verifyPassword(request.password, found?.passwordHash);
    if (!verified || found === undefined) {
      throw new ArchiveError(
        'SIGN_IN_FAILED',
        'E-mail address and password do not belong together.',
      );
    }
    const token = newToken();
    await this.#people.addCredential({
      id: newId<CredentialId>(this.#clock),
      memberId: found.memberId,
      name: readableText(request.computerName, 100, 'computer'),
      tokenHash: hashToken(token),
    });
    return { memberId: found.memberId, token };
  }
}

const TOKEN_MAX_LENGTH = 200;

/** @throws ArchiveError NOT_SIGNED_IN */
export async function authenticate(
  people: PeopleCatalog,
  token: string | undefined,
): Promise<Actor> {
  const known = token !== undefined && token.length <= TOKEN_MAX_LENGTH;
  const actor = known ? await people.findActor(hashToken(token)) : undefined;
  if (actor === undefined) {
    throw new ArchiveError(
      'NOT_SIGNED_IN',
      'This needs a sign-in, and the one that came is missing or not valid any more.',
      {
        hint: 'Run `rootcellar login`.',
      },
    );
  }
  return actor;
}
