import type { Doer, RetentionCatalog, RetentionPlan, Upkeep } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, MemberId, PlanId } from '@rootcellar/model';
import type { HouseholdPolicy } from '@rootcellar/retention';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow } from '../sql.js';

export class PgRetentionCatalog implements RetentionCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async household(
    householdId: HouseholdId,
  ): Promise<{ readonly name: string; readonly timeZone: string }> {
    const row = await firstRow<{ name: string; timeZone: string }>(
      this.#source,
      'select name, time_zone as "timeZone" from household where id = $1',
      [householdId],
    );
    if (row === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such household.');
    return row;
  }

  async policy(householdId: HouseholdId): Promise<HouseholdPolicy | undefined> {
    const row = await firstRow<{ policy: HouseholdPolicy }>(
      this.#source,
      'select policy from retention_policy where household_id = $1',
      [householdId],
    );
    return row?.policy;
  }

  async setPolicy(householdId: HouseholdId, policy: HouseholdPolicy, by: Doer): Promise<void> {
    await this.#source.transaction(async (tx) => {
      await tx.query(
        `insert into retention_policy (household_id, policy, set_by) values ($1, $2, $3)
          on conflict (household_id) do update set policy = excluded.policy, set_by = excluded.set_by, set_at = now()`,
        [householdId, JSON.stringify(policy), by.memberId],
      );
      const subject = 'retention policy';
      await audit(tx, this.#clock, householdId, [
        { action: 'policy-set', kind: 'household', subject, ...by },
      ]);
    });
  }

  async savePlan(
    householdId: HouseholdId,
    plan: RetentionPlan,
    by: MemberId | undefined,
  ): Promise<void> {
    await this.#source.query(
      `with outdated as (
          delete from retention_plan
          where household_id = $1 and created_at < now()
            - case when executed_at is null then interval '7 days' else interval '90 days' end)
        insert into retention_plan (id, household_id, created_at, created_by, plan) values ($2, $1, now(), $3, $4)`,
      [householdId, plan.id, by ?? null, JSON.stringify(plan)],
    );
  }

  async findPlan(
    householdId: HouseholdId,
    id: PlanId,
  ): Promise<{ readonly plan: RetentionPlan; readonly executed: boolean } | undefined> {
    return firstRow(
      this.#source,
      `select plan, executed_at is not null as executed from retention_plan where household_id = $1 and id = $2`,
      [householdId, id],
    );
  }

  async markExecuted(householdId: HouseholdId, id: PlanId): Promise<boolean> {
    const marked = await firstRow(
      this.#source,
      `with marked as (
          update retention_plan set executed_at = now()
          where household_id = $1 and id = $2 and executed_at is null returning id)
        select id from marked`,
      [householdId, id],
    );
    return marked !== undefined;
  }

  async setSubscription(
    householdId: HouseholdId,
    bundleId: string,
    from: string | undefined,
  ): Promise<boolean> {
    const set = await firstRow(
      this.#source,
      `with set as (
          update app set subscription_from = $3 where household_id = $1 and bundle_id = $2 returning id)
        select id from set`,
      [householdId, bundleId, from ?? null],
    );
    return set !== undefined;
  }

  async upkeep(householdId: HouseholdId): Promise<Upkeep> {
    const row = await firstRow<Readonly<Record<keyof Upkeep, unknown>>>(
      this.#source,
      `select seen_at as "seenAt", retained_at as "retainedAt", collected_at as "collectedAt", alert, alert_at as "alertAt"
        from upkeep where household_id = $1`,
      [householdId],
    );
    return {
      seenAt: (row?.seenAt ?? undefined) as Date | undefined,
      retainedAt: (row?.retainedAt ?? undefined) as Date | undefined,
      collectedAt: (row?.collectedAt ?? undefined) as Date | undefined,
      alert: (row?.alert ?? undefined) as string | undefined,
      alertAt: (row?.alertAt ?? undefined) as Date | undefined,
    };
  }

  async noteUpkeep(
    householdId: HouseholdId,
    change: {
      readonly seenAt?: Date;
      readonly retainedAt?: Date;
      readonly collectedAt?: Date;
      readonly alert?: string | null;
    },
  ): Promise<void> {
    const { seenAt = null, retainedAt = null, collectedAt = null, alert } = change;
    await this.#source.query(
      `insert into upkeep (household_id, seen_at, retained_at, collected_at, alert, alert_at)
        values ($1, $2, $3, $4, $5, case when $5::text is not null then now() end)
        on conflict (household_id) do update set
          seen_at = coalesce(excluded.seen_at, upkeep.seen_at),
          retained_at = coalesce(excluded.retained_at, upkeep.retained_at),
          collected_at = coalesce(excluded.collected_at, upkeep.collected_at),
          alert = case when $6 then excluded.alert else upkeep.alert end,
          alert_at = case when $6 then excluded.alert_at else upkeep.alert_at end`,
      [householdId, seenAt, retainedAt, collectedAt, alert ?? null, alert !== undefined],
    );
  }
}
