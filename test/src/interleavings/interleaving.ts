import { isArchiveError } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import type { SmallBackup } from '../integration/sent-backup.js';
import { createDice } from '../bench/corpus/dice.js';
import { collect, meddle, push, scrub } from './deeds.js';
import type { Deed, Ledger } from './deeds.js';
import { Killed, Stage } from './stage.js';
import type { Household, World } from './world.js';

/** What an interleaving left; a fault is something that must never be. */
export interface Outcome {
  readonly faults: readonly string[];
  readonly committed: number;
  readonly killed: number;
}

/** More than a process takes, mostly: some die, most do not. */
const STEPS_MAX = 150;

/**
 * Processes that push, collect, forget, undo, let expire, and are killed, in an order that the seed decides; then whether every
 * snapshot that was acknowledged and not let go has every chunk, and whether collection in the end leaves nothing that nobody needs.
 */
export async function playInterleaving(world: World, seed: number): Promise<Outcome> {
  const dice = createDice('interleaving', seed);
  const household = await world.newHousehold();
  const stage = new Stage(() => dice.fraction(), dice.pick([0, 0.5, 0.9, 0.97]));
  const ledger: Ledger = { committed: new Set(), forgotten: new Set() };
  const faults: string[] = [];
  let killed = 0;

  /** One process after the other does these deeds; who is killed is followed by the next. */
  const play = async (deeds: readonly ((deed: Deed) => Promise<void>)[]): Promise<void> => {
    let at = 0;
    while (at < deeds.length) {
      const actor = stage.enter(dice.int(1, STEPS_MAX));
      const archive = household.archiveOf(actor);
      try {
        for (; at < deeds.length; at += 1)
          await deeds[at]?.({ archive, person: household.person, dice, ledger, faults });
      } catch (error) {
        at += 1;
        if (error instanceof Killed || actor.dead) killed += 1;
        else if (!isExpected(error)) faults.push(String(error));
      } finally {
        actor.leave();
      }
    }
  };
  const { backups, database } = world;
  const anyBackup = (): SmallBackup => dice.pick(backups);
  const pushes = (count: number) =>
    Array.from({ length: count }, () => async (deed: Deed) => push(deed, anyBackup()));
  await Promise.all([
    play(pushes(3)),
    play(pushes(3)),
    play(Array.from({ length: 4 }, () => collect)),
    play([scrub]),
    play(Array.from({ length: 6 }, () => async (deed: Deed) => meddle(deed, database))),
  ]);
  // What was lost before stays lost: one look in the end is enough.
  faults.push(...(await tidyUp(world, household)));
  faults.push(...(await look(household, ledger)));
  return { faults, committed: ledger.committed.size, killed };
}

/** A push whose upload was ended under it, and a commit whose packs never came to rest, are refused: nothing was acknowledged. */
function isExpected(error: unknown): boolean {
  return isArchiveError(error, 'UPLOAD_NOT_OPEN', 'SERVER_BUSY');
}

async function look({ archive, id, person }: Household, ledger: Ledger): Promise<string[]> {
  const report = await archive.scrubVault.execute(id);
  const faults = report.findings.map(({ what, id, code }) => `${what} ${id}: ${code}`);
  const kept = [...ledger.committed].filter((snapshot) => !ledger.forgotten.has(snapshot));
  for (const snapshot of kept) {
    if (!(await isReadable(archive, person, snapshot))) faults.push(`snapshot ${snapshot} is lost`);
  }
  return faults;
}

async function isReadable(
  archive: Household['archive'],
  person: Household['person'],
  id: SnapshotId,
): Promise<boolean> {
  try {
    const { bytes } = await archive.streamSnapshot.execute(person, id, undefined);
    let length = 0;
    for await (const piece of bytes) length += piece.length;
    return length > 0;
  } catch (error) {
    if (isArchiveError(error)) return false;
    throw error;
  }
}

/** Everything open ends, everything due goes: what is left is what the rest needs, to the byte. */
async function tidyUp({ database }: World, { archive, id, person }: Household): Promise<string[]> {
  await database.query(
    `update upload set expires_at = now() - interval '1 second' where household_id = $1 and state = 'open'`,
    [id],
  );
  await database.query(
    `update pack set state_since = now() - interval '2 hours' where household_id = $1 and state = 'uploading'`,
    [id],
  );
  await archive.tidyUploads.execute();
  await archive.collectGarbage.execute(id, { graceSeconds: 0, repackBelow: 1 });
  const { packs, neededBytes, binBytes } = await archive.storage.execute(person);
  return packs?.payloadBytes === neededBytes + binBytes
    ? []
    : [`${packs?.payloadBytes} bytes of chunks are stored, ${neededBytes + binBytes} are needed`];
}
