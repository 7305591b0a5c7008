import type { HouseholdId, PackId } from '@rootcellar/model';
import type { CollectParts } from './collect-garbage.js';
import { unlessLocked } from './unless-locked.js';

/** An object without a row is looked at again after this long before it goes: nothing that takes so long is on its way. */
const ORPHAN_HOURS = 48;
const KEYS_A_QUERY = 1000;

/** So many unknown objects, and a tenth of all, are not what crashes leave: the catalog is an older copy than the bucket. */
const CRASHES_LEAVE = 50;
const CRASHES_LEAVE_SHARE = 0.1;

/**
 * Objects where packs lie that no pack in the catalog is of: what a crash left. They are written down when they are first seen, and go
 * when they are still unknown two days later. Too many of them are left alone: a catalog restored from an old copy must not make
 * collection throw away what was stored since.
 */
export async function removeOrphans(
  { collection, vaults }: CollectParts,
  householdId: HouseholdId,
  signal: AbortSignal | undefined,
): Promise<{ readonly removed: number; readonly left: number }> {
  const vault = await vaults.open(householdId);
  const unknown: string[] = [];
  const due: string[] = [];
  let objects = 0;
  let batch: { readonly key: string; readonly packId: PackId | undefined }[] = [];
  const look = async (): Promise<void> => {
    signal?.throwIfAborted();
    const ids = batch.flatMap(({ packId }) => packId ?? []);
    const known = await collection.knownPacks(householdId, ids);
    const strangers = batch
      .filter(({ packId }) => packId === undefined || !known.has(packId))
      .map(({ key }) => key);
    batch = [];
    if (strangers.length === 0) return;
    unknown.push(...strangers);
    due.push(...(await collection.noteOrphans(householdId, strangers, ORPHAN_HOURS)));
  };
  for await (const object of vault.listPacks()) {
    objects += 1;
    batch.push(object);
    if (batch.length === KEYS_A_QUERY) await look();
  }
  await look();
  await collection.keepOrphans(householdId, unknown);
  if (due.length > Math.max(CRASHES_LEAVE, objects * CRASHES_LEAVE_SHARE))
    return { removed: 0, left: due.length };
  let left = 0;
  for (let from = 0; from < due.length; from += KEYS_A_QUERY) {
    const some = due.slice(from, from + KEYS_A_QUERY);
    if (!(await unlessLocked(async () => vault.removeOrphans(some)))) left += some.length;
  }
  return { removed: due.length - left, left };
}
