import type { Actor as Person } from '@rootcellar/archive';
import type { Database } from '@rootcellar/catalog';
import { isArchiveError } from '@rootcellar/model';
import type { SnapshotId, UploadId } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';
import type { Dice } from '../bench/corpus/dice.js';
import { commitBackup, openUploadFor, sendChunks } from '../integration/sent-backup.js';
import type { SmallBackup } from '../integration/sent-backup.js';
import { CONFIRMED } from './world.js';

/** What was acknowledged, and what somebody let go: the rest must be there in the end. */
export interface Ledger {
  readonly committed: Set<SnapshotId>;
  readonly forgotten: Set<SnapshotId>;
}

export interface Deed {
  readonly archive: Archive;
  readonly person: Person;
  readonly dice: Dice;
  readonly ledger: Ledger;
  readonly faults: string[];
}

const ROUNDS = 4;

/**
 * A push as the agent does it: asks what is there, sends what is lacking, commits, sends again what went meanwhile. Asking is only
 * advice: who believes that all is there commits at once.
 */
export async function push(
  { archive, person, dice, ledger }: Deed,
  backup: SmallBackup,
): Promise<void> {
  const uploadId = await openUploadFor(archive, person, backup);
  if (dice.chance(0.7)) await sendLacking({ archive, person }, uploadId, backup);
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = await commitBackup(archive.commitUpload, person, { uploadId, backup });
    if (result.status === 'committed') {
      ledger.committed.add(result.snapshotId);
      return;
    }
    await sendChunks(archive, person, { uploadId, backup });
  }
}

async function sendLacking(
  { archive, person }: Pick<Deed, 'archive' | 'person'>,
  uploadId: UploadId,
  backup: SmallBackup,
): Promise<void> {
  const ids = Buffer.from(
    backup.entries.flatMap(({ refs }) => refs.map(({ id }) => id)).join(''),
    'hex',
  );
  const held = await archive.receiveChunks.have(person, uploadId, ids);
  if (held.includes(0)) await sendChunks(archive, person, { uploadId, backup });
}

export async function collect({ archive, person, dice }: Deed): Promise<void> {
  await archive.collectGarbage.execute(person.householdId, {
    graceSeconds: 0,
    repackBelow: dice.pick([0, 0.6, 1]),
  });
}

/** Looks at everything in the middle of it all: nothing is to seem wrong that is not. */
export async function scrub({ archive, person, faults }: Deed): Promise<void> {
  const report = await archive.scrubVault.execute(person.householdId);
  faults.push(...report.findings.map(({ what, id, code }) => `meanwhile ${what} ${id}: ${code}`));
}

/** Forgets something, brings something back, or ends the time of what is in the bin; or an upload's. */
export async function meddle(deed: Deed, database: Database): Promise<void> {
  const { archive, person, dice, ledger } = deed;
  const { householdId } = person;
  const ids = [...ledger.committed];
  const id = ids[dice.int(0, Math.max(0, ids.length - 1))];
  switch (dice.pick(['forget', 'forget', 'undo', 'end undo', 'expire'])) {
    case 'forget':
      if (id === undefined) return;
      // Before it is done: whoever dies behind it has done it all the same.
      ledger.forgotten.add(id);
      await unlessGone(async () => archive.bin.forget(person, 'snapshot', id, CONFIRMED));
      return;
    case 'undo':
      if (id !== undefined) await unlessGone(async () => archive.bin.undo(person, 'snapshot', id));
      return;
    case 'end undo':
      await archive.bin.empty(person, CONFIRMED);
      return;
    case 'expire':
      await database.query(
        `update upload set expires_at = now() - interval '1 second' where household_id = $1 and state = 'open'`,
        [householdId],
      );
      await archive.tidyUploads.execute();
  }
}

async function unlessGone(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isArchiveError(error, 'NOT_FOUND')) throw error;
  }
}
