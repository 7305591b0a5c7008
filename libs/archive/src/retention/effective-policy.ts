import { effectiveSnapshotRules, effectiveVersionRules } from '@rootcellar/retention';
import type { HouseholdPolicy } from '@rootcellar/retention';
import type { Inventory } from '../ports/space-catalog.js';

export interface EffectiveRules {
  readonly id: string;
  readonly name: string;
  /** Every rule that applies, and the scope it comes from. */
  readonly rules: Readonly<Record<string, { readonly value: unknown; readonly from: string }>>;
}

/** The policy as it applies to each device and app, and where each part comes from. */
export interface EffectivePolicy {
  readonly devices: readonly EffectiveRules[];
  readonly apps: readonly EffectiveRules[];
}

export function effectivePolicy(policy: HouseholdPolicy, inventory: Inventory): EffectivePolicy {
  return {
    devices: inventory.devices.map(({ id, name }) => ({
      ...{ id, name },
      rules: { ...effectiveSnapshotRules(policy, id) },
    })),
    apps: inventory.apps.map(({ bundleId, name }) => ({
      ...{ id: bundleId, name },
      rules: { ...effectiveVersionRules(policy, bundleId) },
    })),
  };
}
