import { originOf } from '@rootcellar/archive';
import type { Doer, NewCredential, Origin, Principal, TokenCatalog } from '@rootcellar/archive';
import type { Clock, CredentialId, HouseholdId, MemberId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { CredentialRow } from '../rows/people.row.js';
import { firstRow } from '../sql.js';
import type { Runner } from '../sql.js';
import type { RecentPrincipals } from './recent-principals.js';

export class PgTokenCatalog implements TokenCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;
  readonly #recent: RecentPrincipals;

  constructor(source: DataSource, clock: Clock, recent: RecentPrincipals) {
    this.#source = source;
    this.#clock = clock;
    this.#recent = recent;
  }

  async create(token: NewCredential, expiresAt: Date | undefined, from: Origin): Promise<void> {
    const { id, memberId, scope, name } = token;
    await this.#source.transaction(async (tx) => {
      await tx.insert(CredentialRow, {
        ...token,
        ...{ memberId: memberId ?? null, tokenHash: Buffer.from(token.tokenHash) },
        ...{ expiresAt: expiresAt ?? null, apiToken: true },
      });
      if (memberId === undefined) return;
      const subject = `${name}, ${scope}`;
      await this.#tell(tx, 'token-created', { id, subject, of: memberId, by: { memberId, from } });
    });
  }

  async revoke(principal: Principal, id: CredentialId): Promise<boolean> {
    const { accountId, membership } = principal;
    const revoked = await this.#source.transaction(async (tx) => {
      const found = await firstRow<{ name: string; scope: string; memberId: MemberId | null }>(
        tx,
        `with revoked as (
            delete from credential using credential as one left join member on member.id = one.member_id
            where credential.id = one.id and one.id = $1 and one.api_token
              and (one.account_id = $2 or ($3::uuid is not null and member.household_id = $3))
            returning credential.name, credential.scope, credential.member_id)
          select name, scope, member_id as "memberId" from revoked`,
        [id, accountId, membership?.role === 'admin' ? membership.householdId : null],
      );
      if (found === undefined) return false;
      if (found.memberId !== null && membership !== undefined) {
        const subject = `${found.name}, ${found.scope}`;
        const { memberId: of } = found;
        const by = { memberId: membership.memberId, from: originOf(principal) };
        await this.#tell(tx, 'token-revoked', { id, subject, of, by });
      }
      return true;
    });
    this.#recent.forget(id);
    return revoked;
  }

  /** In the trail of the household the token is for. */
  async #tell(
    tx: Runner,
    action: 'token-created' | 'token-revoked',
    {
      id,
      subject,
      of,
      by,
    }: {
      readonly id: CredentialId;
      readonly subject: string;
      readonly of: MemberId;
      readonly by: Doer;
    },
  ): Promise<void> {
    const found = await firstRow<{ householdId: HouseholdId }>(
      tx,
      'select household_id as "householdId" from member where id = $1',
      [of],
    );
    if (found === undefined) return;
    await audit(tx, this.#clock, found.householdId, [
      { action, kind: 'token', id, subject, ...by, concernsId: of },
    ]);
  }
}
