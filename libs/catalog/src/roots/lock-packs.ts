import type { PackId } from '@rootcellar/model';
import type { Runner } from '../sql.js';
import { rows } from '../sql.js';

interface PackState {
  readonly id: PackId;
  readonly state: string;
  readonly epoch: number;
}

/**
 * Locks the packs a root needs, in id order, and checks that nothing happened to them since the root's chunks were looked up:
 * each is live, or condemned and now brought back, at the epoch that was seen. Any other state, or a changed epoch,
 * may mean that chunks moved: the caller counts anew.
 * @returns false when something changed; the transaction has then changed nothing that matters
 */
export async function lockPacks(tx: Runner, packs: ReadonlyMap<PackId, number>): Promise<boolean> {
  const found = await rows<PackState>(
    tx,
    `select id, state, epoch from pack where id = any($1::uuid[]) order by id for update`,
    [[...packs.keys()]],
  );
  const unchanged = found.filter(
    ({ id, state, epoch }) =>
      packs.get(id) === epoch && (state === 'live' || state === 'condemned'),
  );
  if (unchanged.length !== packs.size) return false;
  const condemned = found.filter(({ state }) => state === 'condemned').map(({ id }) => id);
  if (condemned.length > 0) {
    await tx.query(
      `update pack set state = 'live', epoch = epoch + 1, state_since = now() where id = any($1::uuid[])`,
      [condemned],
    );
  }
  return true;
}
