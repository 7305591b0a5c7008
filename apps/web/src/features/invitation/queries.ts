import { call } from '../../lib/call.js';
import type { InvitationLook } from '../../lib/contract.js';
import { switchHousehold } from '../home/queries.js';
import { HERE } from '../sign-in/queries.js';

/** Who invites to what. The token comes from the link. */
export async function lookAtInvitation(token: string): Promise<InvitationLook> {
  return call('POST', '/api/v1/invitations/look', { token });
}

export interface NewAccount {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Makes an account, joins the household, and signs this browser in. */
export async function acceptInvitation(account: NewAccount): Promise<void> {
  await call('POST', '/api/v1/invitations/accept', { ...account, ...HERE });
}

/** Joins with the account that is signed in, and takes this browser to the new household. */
export async function joinWithAccount(token: string): Promise<void> {
  const { householdId } = await call<{ readonly householdId: string }>(
    'POST',
    '/api/v1/invitations/join',
    { token },
  );
  await switchHousehold(householdId);
}
