import { statfs } from 'node:fs/promises';
import { databaseFacts, oldestCheckOf, poolUsage } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import type { AuditTrail, RetentionCatalog, Vaults } from '@rootcellar/archive';
import type { BullJobQueue } from '@rootcellar/jobs';
import type { Clock } from '@rootcellar/model';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { checkMasterKey } from './check-master-key.js';
import { checkObjectStore } from './check-object-store.js';
import type { Examination } from './doctor.js';
import { ok } from './finding.js';
import { judgeClock } from './judge-clock.js';
import { judgeDatabase } from './judge-database.js';
import { judgeQueue } from './judge-queue.js';
import { judgeSpace } from './judge-space.js';
import { examineTrail } from './examine-trail.js';
import { judgeUpkeep } from './judge-upkeep.js';

/** What the doctor examines. */
export interface Patient {
  readonly database: Database;
  readonly objects: DeletableObjectStore;
  /** The folder of the objects; undefined for a bucket. */
  readonly objectsFolder: string | undefined;
  readonly scratchFolder: string;
  readonly queue: Pick<BullJobQueue, 'overview'>;
  readonly upkeep: Pick<RetentionCatalog, 'upkeep' | 'household'>;
  readonly vaults: Vaults;
  readonly audit: AuditTrail;
  readonly masterKey: Uint8Array;
  readonly masterKeyFile: string | undefined;
  readonly clock: Clock;
}

export function examinations(patient: Patient): Examination[] {
  return [
    { id: 'database', what: 'database', examine: async () => examineDatabase(patient) },
    { id: 'object-store', what: 'object store', examine: async () => examineObjects(patient) },
    {
      id: 'queue',
      what: 'queue',
      examine: async () => judgeQueue(await patient.queue.overview(), patient.clock.now()),
    },
    {
      id: 'master-key',
      what: 'master key',
      examine: async (householdId) =>
        checkMasterKey({
          masterKey: patient.masterKey,
          file: patient.masterKeyFile,
          openVault: async () => patient.vaults.open(householdId),
        }),
    },
    {
      id: 'audit-trail',
      what: 'audit trail',
      examine: async (householdId) => [await examineTrail(patient.audit, householdId)],
    },
    {
      id: 'upkeep',
      what: 'upkeep',
      examine: async (householdId) => {
        const { upkeep, database, clock } = patient;
        const facts = {
          upkeep: await upkeep.upkeep(householdId),
          oldestCheck: await oldestCheckOf(database, householdId),
          timeZone: (await upkeep.household(householdId)).timeZone,
        };
        return judgeUpkeep(facts, clock.now());
      },
    },
  ];
}

async function examineDatabase({ database, clock }: Patient): ReturnType<Examination['examine']> {
  const before = clock.now();
  const facts = await databaseFacts(database);
  const reading = { theirs: facts.now, before, after: clock.now() };
  return [
    ...judgeDatabase(facts, poolUsage(database)),
    judgeClock('database-clock', 'database', reading),
  ];
}

async function examineObjects(patient: Patient): ReturnType<Examination['examine']> {
  const { objects, objectsFolder, scratchFolder, clock } = patient;
  const space =
    objectsFolder === undefined
      ? ok('object-store-space', 'The objects are in a bucket: its space is looked after there.')
      : judgeSpace('object-store-space', 'objects', await diskOf(objectsFolder));
  return [
    ...(await checkObjectStore(objects, clock)),
    space,
    judgeSpace('data-space', 'data folder', await diskOf(scratchFolder)),
  ];
}

async function diskOf(
  folder: string,
): Promise<{ readonly freeBytes: number; readonly totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
