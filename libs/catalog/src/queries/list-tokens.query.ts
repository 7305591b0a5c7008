import type { Principal, Scope } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  /** Whose it is; null for an operator's without a household. */
  readonly memberId: string | null;
  readonly memberName: string | null;
  readonly householdName: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
}

/** One's own tokens, in whatever household; an administrator sees those of the household's members too. */
export async function listTokens(
  source: DataSource,
  { accountId, membership }: Principal,
  page: PageRequest,
): Promise<Page<TokenView>> {
  return pageOf<TokenView, TokenView>(source, {
    sql: `select credential.id, credential.name, scope, member.id as "memberId", member.name as "memberName",
        household.name as "householdName", credential.created_at as "createdAt", last_used_at as "lastUsedAt",
        expires_at as "expiresAt"
      from credential left join member on member.id = member_id left join household on household.id = household_id
      where api_token and (expires_at is null or expires_at > now())
        and (credential.account_id = $3 or ($4::uuid is not null and household_id = $4))
        and ($1::uuid is null or credential.id > $1)
      order by credential.id limit $2`,
    parameters: [accountId, membership?.role === 'admin' ? membership.householdId : null],
    page,
    toItem: (row) => row,
  });
}
