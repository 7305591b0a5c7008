import { createHash } from 'node:crypto';
import type { InstalledRecord, NewArtifact } from '@rootcellar/archive';
import { newId } from '@rootcellar/model';
import type { Clock, HouseholdId, SnapshotId } from '@rootcellar/model';
import type { EntityManager } from 'typeorm';
import type { ArtifactRow } from '../rows/root.row.js';
import { rows } from '../sql.js';

/** What `read_version` says after the columns were filled. */
export const READ_VERSION = 1;

export interface StoreList {
  readonly bundleId: string;
  readonly ids: readonly string[];
}

/** What the store's lists are called here; those that are new are written. Each list once, whoever's backup or package told of it. */
export async function recordStoreLists(
  tx: EntityManager,
  { householdId, clock }: { readonly householdId: HouseholdId; readonly clock: Clock },
  lists: readonly StoreList[],
): Promise<(list: StoreList) => string | null> {
  if (lists.length === 0) return () => null;
  const records = lists.map((list) => ({
    id: newId(clock),
    bundleId: list.bundleId,
    digest: digestOf(list),
    ids: list.ids,
  }));
  const parameters = [householdId, JSON.stringify(records)];
  const recordset = `jsonb_to_recordset($2::jsonb) as list (id uuid, "bundleId" text, digest text, ids text[])`;
  // In one order, so that two commits that tell of the same lists do not wait for each other in a ring.
  await tx.query(
    `insert into store_list (id, household_id, bundle_id, digest, ids)
      select id, $1, "bundleId", decode(digest, 'hex'), ids from ${recordset} order by "bundleId", digest
      on conflict do nothing`,
    parameters,
  );
  const found = await rows<{ id: string; key: string }>(
    tx,
    `select store_list.id, bundle_id || ' ' || encode(store_list.digest, 'hex') as key
      from ${recordset} join store_list on household_id = $1 and bundle_id = "bundleId" and store_list.digest = decode(list.digest, 'hex')`,
    parameters,
  );
  const ids = new Map(found.map(({ key, id }) => [key, id]));
  return (list) => ids.get(`${list.bundleId} ${digestOf(list)}`) ?? null;
}

/** The columns of a package that its store's description gives. */
export async function storeColumns(
  tx: EntityManager,
  household: { readonly householdId: HouseholdId; readonly clock: Clock },
  { bundleId, store }: Pick<NewArtifact, 'store'> & { readonly bundleId: string },
): Promise<Pick<ArtifactRow, 'itemId' | 'releasedAt' | 'purchasedAt' | 'buyer' | 'storeListId'>> {
  const { versionIds: ids, buyer, itemId, releaseDate, purchaseDate } = store ?? {};
  const list = ids && { bundleId, ids };
  const listId = await recordStoreLists(tx, household, list === undefined ? [] : [list]);
  return {
    itemId: itemId ?? null,
    releasedAt: releaseDate ?? null,
    purchasedAt: purchaseDate ?? null,
    buyer: buyer === undefined ? null : Buffer.from(buyer),
    storeListId: list === undefined ? null : listId(list),
  };
}

/** What a backup says is installed; what was recorded of it before goes. */
export async function recordInstalled(
  tx: EntityManager,
  household: { readonly householdId: HouseholdId; readonly clock: Clock },
  {
    snapshotId,
    apps,
  }: { readonly snapshotId: SnapshotId; readonly apps: readonly InstalledRecord[] },
): Promise<void> {
  const lists = apps.flatMap(({ bundleId, storeList }) =>
    storeList === undefined ? [] : [{ bundleId, ids: storeList }],
  );
  const listId = await recordStoreLists(tx, household, lists);
  const records = apps.map(({ buyer, storeList, ...app }) => ({
    ...app,
    buyer: buyer && Buffer.from(buyer).toString('hex'),
    storeListId: storeList && listId({ bundleId: app.bundleId, ids: storeList }),
  }));
  await tx.query(`delete from installed_app where snapshot_id = $1`, [snapshotId]);
  await tx.query(
    `insert into installed_app (snapshot_id, bundle_id, version, build, external_version_id, name, item_id, released_at, purchased_at,
        offloaded, from_store, buyer, store_list_id)
      select $1, "bundleId", version, build, "externalVersionId", name, "itemId", "releasedAt", "purchasedAt",
        offloaded, "fromStore", decode(buyer, 'hex'), "storeListId"
      from jsonb_to_recordset($2::jsonb) as app ("bundleId" text, version text, build text, "externalVersionId" text, name text,
        "itemId" text, "releasedAt" timestamptz, "purchasedAt" timestamptz, offloaded boolean, "fromStore" boolean, buyer text,
        "storeListId" uuid)
      on conflict do nothing`,
    [snapshotId, JSON.stringify(records)],
  );
}

function digestOf({ ids }: StoreList): string {
  return createHash('sha256').update(ids.join(',')).digest('hex');
}
