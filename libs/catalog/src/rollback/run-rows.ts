import type {
  Claim,
  NamedVersion,
  RollbackStepName,
  RunnerId,
  StepRecord,
} from '@rootcellar/archive';
import type { RollbackPlanId } from '@rootcellar/model';

export interface ClaimColumns {
  readonly planId: RollbackPlanId;
  readonly runner: RunnerId;
  readonly computer: string;
  readonly underway: RollbackStepName | null;
  readonly silent: boolean;
  readonly silentAfter: string;
}

/** SQL: who works with a device, as JSON; null for nobody. */
export const CLAIM = (device: string): string =>
  `select jsonb_build_object('planId', plan_id, 'runner', runner, 'computer', computer, 'underway', step,
    'silent', silent_after <= now(), 'silentAfter', silent_after) from rollback_run where rollback_run.device_id = ${device}`;

export function toClaim(columns: ClaimColumns | null): Claim | undefined {
  if (columns === null) return undefined;
  const { underway, silentAfter } = columns;
  return { ...columns, underway: underway ?? undefined, silentAfter: new Date(silentAfter) };
}

export type StepColumns = Omit<StepRecord, 'at'> & { readonly at: string };

/** SQL: the last 100 reports of a plan, oldest first, as JSON. */
export const STEPS = (plan: string): string =>
  `(select jsonb_agg(jsonb_build_object('id', id, 'step', step, 'outcome', outcome, 'reason', reason, 'at', at) order by number)
    from (select * from rollback_step where plan_id = ${plan}.id order by number desc limit 100) as last)`;

export function toSteps(columns: readonly StepColumns[] | null): StepRecord[] {
  return (columns ?? []).map((column) => ({ ...column, at: new Date(column.at) }));
}

export interface NamedColumns {
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
}

export function toNamed(columns: NamedColumns | null): NamedVersion | undefined {
  if (columns === null) return undefined;
  const { version, build, externalVersionId } = columns;
  return {
    version: version ?? undefined,
    build: build ?? undefined,
    externalVersionId: externalVersionId ?? undefined,
  };
}
