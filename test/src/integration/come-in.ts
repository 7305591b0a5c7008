import { authenticate, memberActing } from '@rootcellar/archive';
import type { Actor, EndingWish, Role } from '@rootcellar/archive';
import type { Archive } from '@rootcellar/platform';

export const PERSON = {
  password: 'correct horse battery staple',
  computerName: 'a computer',
  kind: 'token',
} as const;

export interface Newcomer {
  readonly actor: Actor;
  /** Of their sign-in. */
  readonly token: string;
}

/** Invites somebody, who comes in with a new account. */
export async function comeIn(
  { invitations, people }: Archive,
  by: Actor,
  { name, role = 'member' }: { readonly name: string; readonly role?: Role },
): Promise<Newcomer> {
  const { token } = await invitations.create(by, { role });
  const email = `${name.toLowerCase()}@example.org`;
  const signedIn = await invitations.accept({ ...PERSON, token, name, email });
  const actor = memberActing(await authenticate(people, signedIn.token));
  return { actor, token: signedIn.token };
}

/** The name of a test archive's household, to confirm with. */
export const HOUSEHOLD = 'Test';

export function wish(data: EndingWish['data'], more: Partial<EndingWish> = {}): EndingWish {
  return { data, confirm: [], dryRun: false, ...more };
}
