import { answered, api } from '../../lib/api.js';
import type { InvitationLook } from '../../lib/contract.js';
import { switchHousehold } from '../home/queries.js';
import { HERE } from '../sign-in/queries.js';

/** Who invites to what. The token comes from the link. */
export async function lookAtInvitation(token: string): Promise<InvitationLook> {
  return answered(api.POST('/api/v1/invitations/look', { body: { token } }));
}

export interface NewAccount {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Makes an account, joins the household, and signs this browser in. */
export async function acceptInvitation(account: NewAccount): Promise<void> {
  await api.POST('/api/v1/invitations/accept', { body: { ...account, ...HERE } });
}

/** Joins with the account that is signed in, and takes this browser to the new household. */
export async function joinWithAccount(token: string): Promise<void> {
  const { householdId } = await answered(api.POST('/api/v1/invitations/join', { body: { token } }));
  await switchHousehold(householdId);
}
