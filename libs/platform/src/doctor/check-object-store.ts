import { randomUUID } from 'node:crypto';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { objectKey } from '@rootcellar/object-store';
import type { DeletableObjectStore, ObjectKey } from '@rootcellar/object-store';
import { within } from '../watch/within.js';
import { fail, ok } from './finding.js';
import type { Finding } from './finding.js';
import { judgeClock } from './judge-clock.js';

/** Beside the vault and the households: nothing else looks there. */
const PREFIX = 'doctor/';
const STEP_MS = 10_000;

type Step = 'put' | 'read' | 'list' | 'remove';

/** Puts an object of its own, reads it, lists it, removes it; compares clocks by it. */
export async function checkObjectStore(
  objects: DeletableObjectStore,
  clock: Pick<Clock, 'now'>,
): Promise<Finding[]> {
  const probe = { objects, key: objectKey(`${PREFIX}${randomUUID()}`), bytes: probeBytes() };
  const before = clock.now();
  const failed = await firstFailure([
    ['put', async () => objects.put(probe.key, [probe.bytes])],
    ['read', async () => readBack(probe)],
    ['list', async () => findListed(probe)],
  ]);
  const after = clock.now();
  const facts =
    failed === undefined ? await objects.stat(probe.key).catch(() => undefined) : undefined;
  // Also after a failure: whatever came there must go.
  const left = await firstFailure([['remove', async () => removed(probe)]]);
  const trouble = failed ?? left;
  const works =
    trouble === undefined
      ? ok('object-store', 'The object store puts, reads, lists and removes.')
      : fail('object-store', describe(trouble));
  if (facts === undefined) return [works];
  const theirs = facts.modifiedAt;
  return [works, judgeClock('object-store-clock', 'object store', { theirs, before, after })];
}

interface Probe {
  readonly objects: DeletableObjectStore;
  readonly key: ObjectKey;
  readonly bytes: Buffer;
}

interface Failure {
  readonly step: Step;
  readonly code: string;
}

async function firstFailure(
  steps: readonly (readonly [Step, () => Promise<void>])[],
): Promise<Failure | undefined> {
  for (const [step, take] of steps) {
    try {
      await within(STEP_MS, take());
    } catch (error) {
      return { step, code: isArchiveError(error) ? error.code : 'INTERNAL' };
    }
  }
  return undefined;
}

async function readBack({ objects, key, bytes }: Probe): Promise<void> {
  const read = await objects.read(key, { offset: 0, length: bytes.length });
  if (!bytes.equals(read)) throw lying('other bytes were read than were put');
}

async function findListed({ objects, key }: Probe): Promise<void> {
  for await (const object of objects.list(PREFIX)) if (object.key === key) return;
  throw lying('what was put is not listed');
}

async function removed({ objects, key }: Probe): Promise<void> {
  await objects.remove([key]);
  if ((await objects.stat(key)) !== undefined) throw lying('what was removed is still there');
}

function lying(how: string): ArchiveError {
  return new ArchiveError(
    'OBJECT_STORE_UNAVAILABLE',
    `The object store does not do its work: ${how}.`,
  );
}

function probeBytes(): Buffer {
  return Buffer.from('A probe of `rootcellar admin doctor`; it may be deleted.');
}

const REFUSED: Readonly<Record<Step, string>> = {
  put: 'Nothing new can be stored: pushes are refused.',
  read: 'Nothing can be restored.',
  list: 'What broken-off uploads left behind is not found, and its space does not come back.',
  remove: 'Collection cannot give space back.',
};

function describe({ step, code }: Failure): {
  readonly what: string;
  readonly meaning: string;
  readonly remedy: string;
} {
  return {
    what: `The object store cannot ${step} (${code}).`,
    meaning: REFUSED[step],
    remedy:
      code === 'STORAGE_FULL'
        ? 'Make room on the disk or in the bucket.'
        : 'Look at its own log, at the permissions of folder or bucket user, and at the network.',
  };
}
