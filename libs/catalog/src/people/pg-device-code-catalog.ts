import type {
  DeviceCodeCatalog,
  DeviceCodeView,
  DeviceDecision,
  NewCredential,
  NewDeviceCode,
  Origin,
  Polled,
  Scope,
} from '@rootcellar/archive';
import type { AccountId, Clock, DeviceCodeId, MemberId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { CredentialRow } from '../rows/people.row.js';
import { noteSignIn } from '../sign-in/change.js';
import { firstRow } from '../sql.js';

/** RFC 8628, 3.5: each too early question makes the interval longer by this. */
const SLOWER_SECONDS = 5;
/** Who comes late is told that the time is over, not that there is no such code; both are the same answer in the end. */
const KEPT = `interval '1 hour'`;

export class PgDeviceCodeCatalog implements DeviceCodeCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async create(code: NewDeviceCode, most: number): Promise<boolean> {
    await this.#source.query(`delete from device_code where expires_at < now() - ${KEPT}`);
    const created = await firstRow(
      this.#source,
      `with created as (
          insert into device_code (id, device_hash, user_hash, client_name, scope, requested_from, expires_at, interval_seconds)
          select $1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second', $8
          where (select count(*) from device_code where expires_at > now()) < $9
          returning id)
        select id from created`,
      [
        ...[code.id, Buffer.from(code.deviceHash), Buffer.from(code.userHash), code.clientName],
        ...[code.scope, code.requestedFrom, code.expiresInSeconds, code.intervalSeconds, most],
      ],
    );
    return created !== undefined;
  }

  async find(userHash: Uint8Array): Promise<DeviceCodeView | undefined> {
    return firstRow<DeviceCodeView>(
      this.#source,
      `select client_name as "clientName", scope, requested_from as "from", created_at as "requestedAt", expires_at as "expiresAt"
        from device_code where user_hash = $1 and state = 'waiting' and expires_at > now()`,
      [Buffer.from(userHash)],
    );
  }

  async decide(userHash: Uint8Array, decision: DeviceDecision): Promise<boolean> {
    const approved = decision.approve ? decision : undefined;
    return this.#source.transaction(async (tx) => {
      const decided = await firstRow<{ id: DeviceCodeId; clientName: string }>(
        tx,
        `with decided as (
            update device_code set state = $2, account_id = $3, member_id = $4, scope = coalesce($5, scope)
            where user_hash = $1 and state = 'waiting' and expires_at > now() returning id, client_name)
          select id, client_name as "clientName" from decided`,
        [
          ...[Buffer.from(userHash), decision.approve ? 'approved' : 'denied'],
          ...[approved?.accountId ?? null, approved?.membership?.memberId ?? null],
          approved?.scope ?? null,
        ],
      );
      if (decided === undefined) return false;
      if (approved?.membership !== undefined) {
        const { memberId, householdId } = approved.membership;
        const subject = `${decided.clientName}, ${approved.scope}`;
        const { from } = approved;
        await audit(tx, this.#clock, householdId, [
          { action: 'device-approved', kind: 'sign-in', id: decided.id, subject, memberId, from },
        ]);
      }
      return true;
    });
  }

  async poll(
    deviceHash: Uint8Array,
    credential: Pick<NewCredential, 'id' | 'tokenHash'>,
    from?: Origin,
  ): Promise<Polled> {
    return this.#source.transaction(async (tx) => {
      const code = await firstRow<Waiting>(tx, LOCK_CODE, [Buffer.from(deviceHash)]);
      if (code === undefined || code.over) return { status: 'expired' };
      if (code.state === 'denied') return { status: 'denied' };
      if (code.early) {
        await tx.query(
          `update device_code set polled_at = now(), interval_seconds = interval_seconds + $2 where id = $1`,
          [code.id, SLOWER_SECONDS],
        );
        return { status: 'slow-down' };
      }
      if (code.state === 'waiting') {
        await tx.query('update device_code set polled_at = now() where id = $1', [code.id]);
        return { status: 'pending' };
      }
      const polled = await signIn(tx, code, credential);
      if (polled.status === 'approved') {
        const note = { action: 'signed-in', subject: code.clientName } as const;
        await noteSignIn(tx, this.#clock, { accountId: polled.accountId, note, from });
      }
      return polled;
    });
  }
}

interface Waiting {
  readonly id: DeviceCodeId;
  readonly clientName: string;
  readonly scope: Scope;
  readonly state: 'waiting' | 'approved' | 'denied';
  readonly accountId: AccountId | null;
  readonly memberId: MemberId | null;
  readonly over: boolean;
  /** Asked before the interval was over, less what a network may hurry. */
  readonly early: boolean;
}

const LOCK_CODE = `
  select id, client_name as "clientName", scope, state, account_id as "accountId", member_id as "memberId", expires_at <= now() as over,
    coalesce(polled_at > now() - interval_seconds * interval '0.9 second', false) as early
  from device_code where device_hash = $1 for update`;

async function signIn(
  tx: EntityManager,
  { id, clientName: name, scope, accountId, memberId }: Waiting,
  { id: credentialId, tokenHash }: Pick<NewCredential, 'id' | 'tokenHash'>,
): Promise<Polled> {
  // Once: what was handed out is not there for who asks again.
  await tx.query('delete from device_code where id = $1', [id]);
  if (accountId === null) return { status: 'expired' };
  await tx.insert(CredentialRow, {
    ...{ id: credentialId, tokenHash: Buffer.from(tokenHash) },
    ...{ accountId, memberId, kind: 'token', scope, name },
  });
  return { status: 'approved', accountId, memberId: memberId ?? undefined };
}
