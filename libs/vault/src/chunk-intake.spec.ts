import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { ArchiveError, sha256 } from '@rootcellar/model';
import {
  createMemoryObjectStore,
  faultyObjectStore,
  scriptedFaults,
} from '@rootcellar/object-store';
import fc from 'fast-check';
import { Crew } from './crew.js';
import { gatedObjectStore } from './testing/gated-object-store.js';
import { openMemoryVault } from './testing/open-memory-vault.js';
import type { MemoryVault } from './testing/open-memory-vault.js';
import { collect, noise, prose } from './testing/sample-bytes.js';
import { bodyOf, framesOf, readChunks, sendChunks } from './testing/send-chunks.js';

const crew = new Crew(2);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

/** Chunks from few seeds, so that the same come again. */
const anyChunk = fc.oneof(
  fc
    .record({ length: fc.integer({ min: 1, max: 3000 }), seed: fc.nat(3) })
    .map((of) => noise(of.length, of.seed)),
  fc
    .record({ length: fc.constantFrom(1, 2000), seed: fc.nat(3) })
    .map((of) => prose(of.length, of.seed)),
);
const anyBody = fc.array(anyChunk, { minLength: 1, maxLength: 12 });

async function storedObjects({ parts }: MemoryVault): Promise<number> {
  return (await collect(parts.objects.list(''))).length;
}

function distinct(chunks: readonly Uint8Array[]): number {
  return new Set(chunks.map((chunk) => sha256(chunk))).size;
}

describe('ChunkIntake', () => {
  it('keeps every chunk of every body, so that it can be read again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { minLength: 1, maxLength: 4 }), async (bodies) => {
        const { vault, holder } = openMemoryVault(crew);

        const receipts = await Promise.all(
          bodies.map(async (chunks) => sendChunks(vault, chunks, holder)),
        );

        for (const [at, chunks] of bodies.entries()) {
          expect(receipts[at]?.chunks).toBe(chunks.length);
          expect(receipts[at]?.sentBytes).toBe(framesOf(chunks).length);
          expect(Buffer.compare(await readChunks(vault, chunks), Buffer.concat(chunks))).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('stores a chunk once, though it comes twice in a body', async () => {
    const opened = openMemoryVault(crew);
    const { vault, index, holder } = opened;
    const chunks = [noise(100, 1), prose(100, 2), noise(100, 1)];

    const receipt = await sendChunks(vault, chunks, holder);

    expect(receipt).toMatchObject({ chunks: 3, newChunks: 2, newBytes: 200 });
    const [pack] = index.packs;
    expect(pack?.size).toBe(8 + receipt.storedBytes + (28 + 2 * 42) + 36);
  });

  it('stores nothing that the vault has, and pins it for the upload', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyBody, async (first, second) => {
        const { vault, index, holder } = openMemoryVault(crew);
        await sendChunks(vault, first, holder);
        const late = index.openUpload();

        const receipt = await sendChunks(vault, [...first, ...second], late);

        expect(receipt.newChunks).toBe(distinct([...first, ...second]) - distinct(first));
        expect(index.pinnedBy(late)).toContain(index.packs[0]?.id);
        const again = await sendChunks(vault, [...second, ...first], late);
        expect(again).toMatchObject({ newChunks: 0, newBytes: 0, storedBytes: 0 });
      }),
      { numRuns: 20 },
    );
  });

  it('says what was shown: what is new, and what it has and nobody proved, once its bytes were checked', async () => {
    const { vault, index, holder } = openMemoryVault(crew);
    const [known, own, fresh] = [noise(100, 1), noise(100, 2), noise(100, 3)];
    await sendChunks(vault, [known, own], holder);
    const [, ownOrdinal] = await index.pinNumbered([sha256(known), sha256(own)], holder);
    const proven = { has: (ordinal: number) => ordinal === ownOrdinal };
    const late = index.openUpload();

    const body = bodyOf(framesOf([known, own, fresh]));
    const receipt = await vault.intake.receive(body, late, proven);

    expect(receipt).toMatchObject({ newChunks: 1, newBytes: 100, shownBytes: 200 });
    expect(receipt.shown).toEqual([sha256(known), sha256(fresh)]);
    const forged = framesOf([known]);
    forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
    await expect(vault.intake.receive(bodyOf(forged), late, proven)).rejects.toMatchObject({
      code: 'CHUNK_DIGEST_MISMATCH',
    });
  });

  it.each([
    ['no chunk', new Uint8Array(0), 'PROTOCOL_BROKEN'],
    [
      'half of a frame',
      framesOf([noise(100, 1), noise(100, 2)]).subarray(0, 200),
      'PROTOCOL_BROKEN',
    ],
    [
      'another chunk than it says',
      withBadId(framesOf([noise(100, 1), noise(100, 2)])),
      'CHUNK_DIGEST_MISMATCH',
    ],
  ])('keeps nothing of a body that holds %s', async (_, body, code) => {
    const opened = openMemoryVault(crew);
    const { vault, index, holder } = opened;

    await expect(vault.intake.receive(bodyOf(body), holder)).rejects.toMatchObject({ code });

    expect(await storedObjects(opened)).toBe(0);
    expect(index.packs).toEqual([]);
    expect(await index.pinHeld([sha256(noise(100, 1))], holder)).toEqual([false]);
  });

  it('does not let a broken body harm the one it came with', async () => {
    const opened = openMemoryVault(crew);
    const { vault, holder } = opened;
    const good = [prose(500), noise(500)];

    const results = await Promise.allSettled([
      vault.intake.receive(bodyOf(withBadId(framesOf([noise(100)]))), holder),
      sendChunks(vault, good, holder),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(Buffer.compare(await readChunks(vault, good), Buffer.concat(good))).toBe(0);
  });

  it('passes on why a body did not come', async () => {
    const { vault, holder } = openMemoryVault(crew);
    const gone = new Error('the connection is gone');

    await expect(vault.intake.receive(async () => Promise.reject(gone), holder)).rejects.toBe(gone);
  });

  it('gives its memory back, however many bodies fail', async () => {
    const { vault, holder } = openMemoryVault(crew);

    for (let at = 0; at < 30; at += 1) {
      const body = at % 2 === 0 ? Buffer.of(1) : withBadId(framesOf([noise(10, at)]));
      await expect(vault.intake.receive(bodyOf(body), holder)).rejects.toBeInstanceOf(ArchiveError);
    }

    expect(await sendChunks(vault, [prose(10)], holder)).toMatchObject({ newChunks: 1 });
  });

  it('takes many bodies at once, more than there is memory for, in few packs', async () => {
    const opened = openMemoryVault(crew);
    const { vault, holder } = opened;
    const bodies = Array.from({ length: 30 }, (_, at) => [noise(2000, at), prose(2000, 1000 + at)]);

    await Promise.all(bodies.map(async (chunks) => sendChunks(vault, chunks, holder)));

    const all = bodies.flat();
    expect(Buffer.compare(await readChunks(vault, all), Buffer.concat(all))).toBe(0);
    expect(await storedObjects(opened)).toBeLessThan(15);
  });

  it('acknowledges a body only when its pack is durable', async () => {
    const store = gatedObjectStore();
    const { vault, holder } = openMemoryVault(crew, store.objects);
    let acknowledged = false;
    const receipt = sendChunks(vault, [prose(10)], holder).finally(() => (acknowledged = true));

    await store.arrived;
    expect(acknowledged).toBe(false);
    store.open();

    expect(await receipt).toMatchObject({ newChunks: 1 });
  });

  it('acknowledges nothing when the store fails, and stores all of it the next time', async () => {
    const objects = faultyObjectStore(
      createMemoryObjectStore(),
      scriptedFaults([
        {
          operation: 'put',
          count: 1,
          fault: { after: new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'lost') },
        },
      ]),
      async () => Promise.resolve(),
    );
    const { vault, holder } = openMemoryVault(crew, objects);
    const chunks = [prose(500), noise(500)];

    await expect(sendChunks(vault, chunks, holder)).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });

    expect(await sendChunks(vault, chunks, holder)).toMatchObject({ newChunks: 2 });
    expect(Buffer.compare(await readChunks(vault, chunks), Buffer.concat(chunks))).toBe(0);
  });
});

/** The id of the first frame, changed. */
function withBadId(body: Uint8Array): Uint8Array {
  return body.map((byte, at) => (at === 9 ? byte ^ 1 : byte));
}
