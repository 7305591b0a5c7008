import type { Actor, Role } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { VALID_INVITATION } from '../people/valid-invitation.sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface OpenInvitation {
  readonly id: string;
  readonly role: Role;
  readonly name: string | null;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The household's invitations that could be accepted now. For administrators; the caller sees to that. */
export async function listInvitations(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<OpenInvitation>> {
  return pageOf<OpenInvitation, OpenInvitation>(source, {
    sql: `select invitation.id, invitation.role, invitation.name, coalesce(inviter.name, account.name) as "invitedBy",
        invitation.created_at as "createdAt", expires_at as "expiresAt"
      from ${VALID_INVITATION}
      where invitation.household_id = $3 and ($1::uuid is null or invitation.id > $1)
      order by invitation.id limit $2`,
    parameters: [actor.householdId],
    page,
    toItem: (row) => row,
  });
}
