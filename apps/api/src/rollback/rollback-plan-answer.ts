import type { RollbackPlan } from '@rootcellar/archive';
import type { RollbackPlanDto } from './rollback-plan.dto.js';

export function rollbackPlanAnswer(plan: RollbackPlan): RollbackPlanDto {
  const { installability, data, downgrade, updates } = plan;
  return {
    ...plan,
    expiredBecause: [...plan.expiredBecause],
    installability:
      installability === null
        ? null
        : {
            ...installability,
            checks: installability.checks.map(({ failure = null, ...check }) => ({
              ...check,
              failure,
            })),
            facts: [...installability.facts],
            risks: [...installability.risks],
          },
    data: data === null ? null : { ...data, domains: [...data.domains] },
    downgrade: downgrade === null ? null : { ...downgrade, findings: [...downgrade.findings] },
    steps: plan.steps.map((step) => ({ ...step, commands: [...step.commands] })),
    updates: {
      confirmed: [...updates.confirmed],
      notConfirmed: [...updates.notConfirmed],
    },
    blocking: [...plan.blocking],
    warnings: [...plan.warnings],
  };
}
