import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ArchiveError, chunkIdToBytes, sha256 } from '@rootcellar/model';
import {
  createMemoryObjectStore,
  faultyObjectStore,
  scriptedFaults,
} from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Crew } from './crew.js';
import type { SealedBatch } from './crew-worker.js';
import { PackAssembler } from './pack-assembler.js';
import type { AssemblerParts } from './pack-assembler.js';
import { PACK_MAX_BYTES, PACK_TYPE } from './pack-format.js';
import { CHUNK_KIND } from './sealed-chunk.js';
import { gatedObjectStore } from './testing/gated-object-store.js';
import { openMemoryVault } from './testing/open-memory-vault.js';
import type { MemoryVault } from './testing/open-memory-vault.js';
import { collect, noise } from './testing/sample-bytes.js';

const MIB = 1024 * 1024;
const LINGER_MS = 500;
const crew = new Crew(1);

afterAll(async () => crew.close());

// Only `setTimeout`: what lingers does so until a test says that time has passed.
beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: [
      'nextTick',
      'setImmediate',
      'clearImmediate',
      'queueMicrotask',
      'performance',
      'hrtime',
      'Date',
    ],
  });
});
afterEach(() => {
  jest.useRealTimers();
});

function assemble(objects?: DeletableObjectStore): MemoryVault & { assembler: PackAssembler } {
  const opened = openMemoryVault(crew, objects);
  return { ...opened, assembler: new PackAssembler(opened.parts, PACK_TYPE.data) };
}

/** Batches of one chunk each, named by their plain bytes. */
async function batchOf({ parts }: MemoryVault, plain: Uint8Array): Promise<SealedBatch> {
  const chunks = [{ id: chunkIdToBytes(sha256(plain)), kind: CHUNK_KIND.data, plain }];
  return crew.run('sealMetadata', { householdKey: parts.householdKey, chunks });
}

const [A, B, C] = [Buffer.from('a'), Buffer.from('b'), Buffer.from('c')] as const;

/** Eight mebibytes that do not compress. */
async function largeBatch({ householdKey }: AssemblerParts): Promise<SealedBatch> {
  const chunks = [noise(4 * MIB, 1), noise(4 * MIB, 2)].map((plain) => ({
    id: chunkIdToBytes(sha256(plain)),
    kind: CHUNK_KIND.data,
    plain,
  }));
  return crew.run('sealMetadata', { householdKey, chunks });
}

describe('PackAssembler', () => {
  it('puts what was announced together into one pack, in the order it came', async () => {
    const opened = assemble();
    const { assembler, index, holder } = opened;
    const [first, second] = [assembler.announce(), assembler.announce()];
    const other = index.openUpload();

    await Promise.all([
      second.add(await batchOf(opened, A), other),
      first.add(await batchOf(opened, B), holder),
    ]);

    const [pack, ...more] = index.packs;
    expect(more).toEqual([]);
    expect(pack?.state).toBe('live');
    const places = await index.locate([sha256(A), sha256(B)]);
    expect(places.map((place) => place?.packId)).toEqual([pack?.id, pack?.id]);
    expect(places.map((place) => place?.offset)).toEqual([8, 8 + 1 + 28]);
    expect(index.pinnedBy(other)).toEqual([pack?.id]);
    expect(index.pinnedBy(holder)).toEqual([pack?.id]);
  });

  it('writes a batch at once when nothing else was announced', async () => {
    const opened = assemble();
    const { assembler, index, holder } = opened;

    await assembler.announce().add(await batchOf(opened, A), holder);
    await assembler.announce().add(await batchOf(opened, B), holder);

    expect(index.packs.map(({ state }) => state)).toEqual(['live', 'live']);
  });

  it('waits for what was announced, but not longer than it lingers', async () => {
    const opened = assemble();
    const { assembler, index, holder } = opened;
    const slow = assembler.announce();
    const durable = assembler.announce().add(await batchOf(opened, A), holder);

    jest.advanceTimersByTime(LINGER_MS - 1);
    expect(index.packs).toEqual([]);
    jest.advanceTimersByTime(1);
    await durable;

    expect(index.packs).toHaveLength(1);
    await slow.add(await batchOf(opened, B), holder);
    expect(index.packs).toHaveLength(2);
  });

  it('does not wait for what was announced and does not come', async () => {
    const opened = assemble();
    const { assembler, index, holder } = opened;
    const lost = assembler.announce();
    const durable = assembler.announce().add(await batchOf(opened, A), holder);
    expect(index.packs).toEqual([]);

    lost.cancel();
    await durable;

    expect(index.packs).toHaveLength(1);
  });

  it('counts an announcement once, whatever is done with it', async () => {
    const opened = assemble();
    const { assembler, index, holder } = opened;
    const [one, two, lost] = [assembler.announce(), assembler.announce(), assembler.announce()];
    const durable = one.add(await batchOf(opened, A), holder);

    one.cancel();
    lost.cancel();
    lost.cancel();
    expect(index.packs).toEqual([]);

    await Promise.all([durable, two.add(await batchOf(opened, B), holder)]);
    expect(index.packs).toHaveLength(1);
  });

  it('writes half a pack though more is announced, when no other is being written', async () => {
    const opened = assemble();
    const { assembler, parts, holder } = opened;
    const missing = assembler.announce();
    const batch = await largeBatch(parts);

    await Promise.all([1, 2].map(async () => assembler.announce().add(batch, holder)));

    const [object] = await collect(parts.objects.list(''));
    expect(object?.size).toBeGreaterThanOrEqual(16 * MIB);
    expect(object?.size).toBeLessThan(32 * MIB);
    missing.cancel();
  });

  it('fills the next pack while one is being written, and does not wait for that when it is full', async () => {
    const store = gatedObjectStore();
    const opened = assemble(store.objects);
    const { assembler, parts, index, holder } = opened;
    const missing = assembler.announce();
    const batch = await largeBatch(parts);
    const add = async (): Promise<void> => assembler.announce().add(batch, holder);

    const durable = [add(), add()];
    await store.arrived;
    durable.push(add(), add(), add());
    expect(index.packs).toHaveLength(1);
    durable.push(add());
    while (index.packs.length < 2) await nextTurn();
    store.open();
    await Promise.all(durable);

    const sizes = (await collect(parts.objects.list(''))).map(({ size }) => size);
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(32 * MIB);
    expect(Math.max(...sizes)).toBeLessThan(PACK_MAX_BYTES);
    missing.cancel();
  });

  it('acknowledges nothing before the object is put and the pack is committed', async () => {
    const store = gatedObjectStore();
    const opened = assemble(store.objects);
    const { assembler, index, holder } = opened;
    let acknowledged = false;
    const durable = assembler
      .announce()
      .add(await batchOf(opened, A), holder)
      .then(() => (acknowledged = true));

    await store.arrived;
    expect(acknowledged).toBe(false);
    expect(index.packs.map(({ state }) => state)).toEqual(['uploading']);
    expect(await index.pinHeld([sha256(A)], holder)).toEqual([false]);

    store.open();
    await durable;
    expect(await index.pinHeld([sha256(A)], holder)).toEqual([true]);
    expect(await collect(opened.parts.objects.list(''))).toHaveLength(1);
  });

  it('fills the next pack while one is being written', async () => {
    const store = gatedObjectStore();
    const opened = assemble(store.objects);
    const { assembler, index, holder } = opened;
    const first = assembler.announce().add(await batchOf(opened, A), holder);
    await store.arrived;

    const next = [
      assembler.announce().add(await batchOf(opened, B), holder),
      assembler.announce().add(await batchOf(opened, C), holder),
    ];
    expect(index.packs).toHaveLength(1);
    store.open();
    await Promise.all([first, ...next]);

    expect(index.packs).toHaveLength(2);
    const places = await index.locate([A, B, C].map((plain) => sha256(plain)));
    expect(places.map((place) => place?.packId)).toEqual(
      [0, 1, 1].map((at) => index.packs[at]?.id),
    );
  });

  it('does not wait longer than it lingers for a pack that is being written', async () => {
    const store = gatedObjectStore();
    const opened = assemble(store.objects);
    const { assembler, index, holder } = opened;
    const first = assembler.announce().add(await batchOf(opened, A), holder);
    await store.arrived;
    const second = assembler.announce().add(await batchOf(opened, B), holder);

    jest.advanceTimersByTime(LINGER_MS);
    while (index.packs.length < 2) await nextTurn();

    expect(index.packs.map(({ state }) => state)).toEqual(['uploading', 'uploading']);
    store.open();
    await Promise.all([first, second]);
  });

  it('gives a pack up when the store fails, tells everyone who waited, and goes on', async () => {
    const full = new ArchiveError('STORAGE_FULL', 'full');
    const objects = faultyObjectStore(
      createMemoryObjectStore(),
      scriptedFaults([{ operation: 'put', count: 1, fault: { before: full } }]),
      async () => Promise.resolve(),
    );
    const opened = assemble(objects);
    const { assembler, index, holder } = opened;
    const [one, two] = [assembler.announce(), assembler.announce()];

    const results = await Promise.allSettled([
      one.add(await batchOf(opened, A), holder),
      two.add(await batchOf(opened, B), holder),
    ]);

    expect(results).toEqual([
      { status: 'rejected', reason: full },
      { status: 'rejected', reason: full },
    ]);
    expect(index.packs.map(({ state }) => state)).toEqual(['deleted']);
    expect(await index.pinHeld([sha256(A), sha256(B)], holder)).toEqual([false, false]);

    await assembler.announce().add(await batchOf(opened, C), holder);
    expect(await index.pinHeld([sha256(C)], holder)).toEqual([true]);
  });

  it('acknowledges nothing of a pack that was put but is not committed', async () => {
    const store = gatedObjectStore();
    const opened = assemble(store.objects);
    const { assembler, index, holder } = opened;
    const durable = assembler.announce().add(await batchOf(opened, A), holder);
    const settled = Promise.allSettled([durable]);

    await store.arrived;
    const [pack] = index.packs;
    if (pack !== undefined) await index.abandonPack(pack.id);
    store.open();

    expect(await settled).toMatchObject([{ status: 'rejected', reason: { code: 'SERVER_BUSY' } }]);
    expect(await index.pinHeld([sha256(A)], holder)).toEqual([false]);
  });
});
