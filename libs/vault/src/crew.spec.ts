import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { CHUNK_FRAME_BYTES } from '@rootcellar/chunking';
import { chunkIdToBytes, newId, sha256, systemClock } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import { Crew } from './crew.js';
import type { SealedBatch } from './crew-worker.js';
import { openPlainChunk } from './open-plain-chunk.js';
import { PACK_TYPE, decodePackEntries, encodePackHeader } from './pack-format.js';
import { CHUNK_KIND } from './sealed-chunk.js';
import { noise, prose } from './testing/sample-bytes.js';
import { framesOf } from './testing/send-chunks.js';

const KEY = Buffer.alloc(32, 5);
const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const memory = new Uint8Array(new SharedArrayBuffer(bytes.length));
  memory.set(bytes);
  return memory;
}

async function sealFrames(body: Uint8Array, skip: readonly number[] = []): Promise<SealedBatch> {
  return crew.run('sealFrames', {
    householdKey: KEY,
    body: shared(body),
    skip: Uint8Array.from(skip),
  });
}

/** The plain bytes of every chunk of a batch. */
function openBatch({ sealed, entries }: SealedBatch): Buffer[] {
  // Entries count from the beginning of a pack.
  const pack = Buffer.concat([encodePackHeader(PACK_TYPE.data), sealed]);
  return decodePackEntries(entries).map((entry) => {
    const { offset, sealedLength } = entry;
    return Buffer.from(openPlainChunk(KEY, entry, pack.subarray(offset, offset + sealedLength)));
  });
}

describe('sealing the frames of a body', () => {
  const chunks = [prose(5000), noise(3000), Buffer.of(), prose(1, 2), noise(70_000, 2)];

  it('seals every chunk, in order, in the memory the body came in', async () => {
    const body = shared(framesOf(chunks));

    const batch = await crew.run('sealFrames', {
      householdKey: KEY,
      body,
      skip: new Uint8Array(5),
    });

    expect(openBatch(batch)).toEqual(chunks);
    expect(batch.sealed.byteOffset).toBe(0);
    body[0] = (body[0] ?? 0) ^ 1;
    expect(batch.sealed[0]).toBe(body[0]);
  });

  it('leaves out what it is told to', async () => {
    const batch = await sealFrames(framesOf(chunks), [1, 0, 0, 1, 0]);

    expect(openBatch(batch)).toEqual([chunks[1], chunks[2], chunks[4]]);
  });

  it.each([0, 1, 2])('refuses a body in which chunk %d is not what its id says', async (at) => {
    const bad = [prose(400), noise(400), prose(400, 2)];
    const body = Buffer.from(framesOf(bad));
    const frame = framesOf(bad.slice(0, at)).length;
    body.writeUInt8(body.readUInt8(frame + 9) ^ 1, frame + 9);

    await expect(sealFrames(body)).rejects.toMatchObject({
      name: 'ArchiveError',
      code: 'CHUNK_DIGEST_MISMATCH',
    });
  });

  it('refuses plain bytes that were changed on the way', async () => {
    const body = Buffer.from(framesOf([noise(400)]));
    body.writeUInt8(body.readUInt8(body.length - 1) ^ 1, body.length - 1);

    await expect(sealFrames(body)).rejects.toMatchObject({ code: 'CHUNK_DIGEST_MISMATCH' });
  });

  it('refuses a zstd frame that does not expand', async () => {
    const body = Buffer.from(framesOf([prose(4000)]));
    body.fill(0xff, CHUNK_FRAME_BYTES + 20);

    await expect(sealFrames(body)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  });

  it.each([1, 40, CHUNK_FRAME_BYTES + 100])(
    'refuses a body cut off behind %d bytes',
    async (at) => {
      const body = framesOf([noise(400)]).subarray(0, at);

      await expect(sealFrames(body)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
    },
  );

  it('does not check what it leaves out', async () => {
    const body = Buffer.from(framesOf([noise(400), prose(400)]));
    body.writeUInt8(body.readUInt8(9) ^ 1, 9);

    const batch = await sealFrames(body, [1, 0]);

    expect(openBatch(batch)).toEqual([prose(400)]);
  });
});

describe('sealing metadata', () => {
  it('compresses what compresses and keeps kind and order', async () => {
    const plains = [prose(4000), noise(200), Buffer.of()];
    const chunks = plains.map((plain, at) => ({
      id: chunkIdToBytes(sha256(plain)),
      kind: at === 0 ? CHUNK_KIND.tree : CHUNK_KIND.list,
      plain,
    }));

    const batch = await crew.run('sealMetadata', { householdKey: KEY, chunks });

    expect(openBatch(batch)).toEqual(plains);
    const entries = decodePackEntries(batch.entries);
    expect(entries.map(({ kind, codec }) => [kind, codec])).toEqual([
      [CHUNK_KIND.tree, 1],
      [CHUNK_KIND.list, 0],
      [CHUNK_KIND.list, 0],
    ]);
    expect(entries[0]?.sealedLength).toBeLessThan(2000);
  });
});

describe('checking a pack', () => {
  async function aPack(): Promise<{
    packId: PackId;
    type: 1;
    householdKey: Buffer;
    bytes: Buffer;
  }> {
    const packId = newId<PackId>(systemClock);
    const { sealed, entries } = await sealFrames(framesOf([prose(500), noise(500)]));
    const identity = { packId, type: PACK_TYPE.data, householdKey: KEY };
    const { tail, sha256: digest } = await crew.run('finishPack', {
      ...identity,
      sealed: [sealed],
      entries,
    });
    const bytes = Buffer.concat([encodePackHeader(PACK_TYPE.data), sealed, tail]);
    expect(Buffer.compare(digest, bytes.subarray(-32))).toBe(0);
    return { ...identity, bytes };
  }

  const check = async ({ bytes, ...pack }: Awaited<ReturnType<typeof aPack>>): Promise<unknown> =>
    crew.run('verifyPack', { ...pack, bytes: new Uint8Array(bytes).buffer });

  it('finds a sound pack sound, and gives its index', async () => {
    const pack = await aPack();

    expect(await check(pack)).toMatchObject({ chunks: 2, entries: { length: 84 } });
  });

  it('finds a flipped bit', async () => {
    const pack = await aPack();
    pack.bytes.writeUInt8(pack.bytes.readUInt8(100) ^ 1, 100);

    await expect(check(pack)).rejects.toMatchObject({ code: 'PACK_DAMAGED' });
  });

  it('finds a chunk that was damaged before its pack was signed', async () => {
    const packId = newId<PackId>(systemClock);
    const { sealed, entries } = await sealFrames(framesOf([prose(500), noise(500)]));
    sealed[200] = (sealed[200] ?? 0) ^ 1;
    const identity = { packId, type: PACK_TYPE.data, householdKey: KEY };
    const { tail } = await crew.run('finishPack', { ...identity, sealed: [sealed], entries });
    const bytes = Buffer.concat([encodePackHeader(PACK_TYPE.data), sealed, tail]);

    await expect(check({ ...identity, bytes })).rejects.toMatchObject({ code: 'CHUNK_DAMAGED' });
  });
});

describe('a crew', () => {
  it('goes on after a task that failed', async () => {
    await expect(sealFrames(Buffer.of(1))).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });

    expect(openBatch(await sealFrames(framesOf([prose(10)])))).toEqual([prose(10)]);
  });

  it('tells a fault as what it is, not as an error of the caller', async () => {
    const faulty = crew.run('sealMetadata', {
      householdKey: KEY,
      chunks: [{ id: Buffer.alloc(32), kind: CHUNK_KIND.tree, plain: undefined as never }],
    });

    await expect(faulty).rejects.not.toHaveProperty('name', 'ArchiveError');
  });

  it('tells the hint of an error', async () => {
    const packId = newId<PackId>(systemClock);
    const task = { householdKey: KEY, packId, type: PACK_TYPE.data, bytes: new ArrayBuffer(10) };

    await expect(crew.run('verifyPack', task)).rejects.toMatchObject({
      code: 'PACK_DAMAGED',
      hint: expect.stringContaining('scrub'),
    });
  });
});
