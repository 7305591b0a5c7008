/** So often is told that an account exists; then the invitation is void, or it could be asked for who signs in here. */
const REFUSALS_MAX = 5;

/**
 * SQL for `from`: invitations that could be accepted now, as `invitation`, with who invited as `account` and `inviter` (null: the
 * operator), who must still be in a position to.
 */
export const VALID_INVITATION = `invitation join account on account.id = invited_by
  left join member as inviter on inviter.id = invitation.member_id
  join lateral (select 1) as valid on
    accepted_at is null and revoked_at is null and expires_at > now() and refusals < ${REFUSALS_MAX} and
    case when invitation.member_id is null then operator
      else inviter.role = 'admin' and inviter.removed_at is null and inviter.leaving_until is null end`;
