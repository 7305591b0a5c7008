import type { Actor } from '../ports/people-catalog.js';
import type { Inventory } from '../ports/space-catalog.js';
import type { PlanItem } from './retention-plan.js';

type PlanReason = PlanItem['reasons'][number];

/** That an app is on somebody's device is theirs to tell: of others' devices a reason says only that there is one. */
const FOR_A_DEVICE: PlanReason = { code: 'for-a-device', text: 'for a device of the household' };

/** A plan's items as an administrator may see them: which apps others have on their devices is left out. */
export function itemsFor<T extends Pick<PlanItem, 'reasons'>>(
  actor: Actor,
  devices: Inventory['devices'],
  items: readonly T[],
): readonly T[] {
  const mine = new Set<string | undefined>(
    devices.flatMap(({ id, ownerId = actor.memberId }) => (ownerId === actor.memberId ? id : [])),
  );
  return items.map((item) => ({ ...item, reasons: reasonsFor(mine, item.reasons) }));
}

function reasonsFor(
  mine: ReadonlySet<string | undefined>,
  reasons: readonly PlanReason[],
): readonly PlanReason[] {
  const told = reasons.filter(({ deviceId }) => deviceId === undefined || mine.has(deviceId));
  return told.length === reasons.length ? reasons : [...told, FOR_A_DEVICE];
}
