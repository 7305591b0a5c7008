import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { CODEC } from '@rootcellar/chunking';
import { newId, systemClock } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import { copyChunks } from './copy-chunks.js';
import type { CopySource } from './copy-chunks.js';
import { Crew } from './crew.js';
import { newHouseholdKey } from './household-key.js';
import { packKey } from './object-keys.js';
import { PACK_HEADER_BYTES, PACK_TYPE } from './pack-format.js';
import { CHUNK_KIND } from './sealed-chunk.js';

const MIB = 1024 * 1024;

type Objects = ReturnType<typeof createMemoryObjectStore>;

/** An object of random bytes that ends in its SHA-256, with chunks at [from, end). */
async function putSource(
  objects: Objects,
  size: number,
  ...ranges: readonly (readonly [from: number, end: number])[]
): Promise<CopySource & { readonly bytes: Buffer }> {
  const body = randomBytes(size - 32);
  const sha256 = createHash('sha256').update(body).digest();
  const bytes = Buffer.concat([body, sha256]);
  const id = newId<PackId>(systemClock);
  await objects.put(packKey(id), [bytes]);
  const chunks = ranges.map(([offset, end]) => ({
    ...{ id: randomBytes(32), kind: CHUNK_KIND.data, codec: CODEC.plain, plainLength: 1 },
    ...{ offset, sealedLength: end - offset },
  }));
  return { id, size, sha256, chunks, bytes };
}

async function copied(objects: Objects, sources: readonly CopySource[]): Promise<Buffer> {
  const crew = new Crew(1);
  try {
    const target = { packId: newId<PackId>(systemClock), type: PACK_TYPE.data };
    const householdKey = newHouseholdKey();
    const pack = await copyChunks({ objects, crew }, { ...target, householdKey }, sources);
    const length = pack.entries.reduce((sum, { sealedLength }) => sum + sealedLength, 0);
    return Buffer.from(
      await objects.read(packKey(target.packId), { offset: PACK_HEADER_BYTES, length }),
    );
  } finally {
    await crew.close();
  }
}

describe('copyChunks', () => {
  it('copies what lies over the borders of what it reads at once', async () => {
    const objects = createMemoryObjectStore();
    const sources = [
      // The digest itself lies over a border.
      await putSource(
        ...([objects, 16 * MIB + 10, [8, 100], [MIB / 2 - 1, MIB / 2 + 1]] as const),
        ...([
          [2 * MIB, 5 * MIB + 3],
          [8 * MIB - 5, 8 * MIB + 5],
          [16 * MIB - 90, 16 * MIB - 22],
        ] as const),
      ),
      await putSource(objects, 1000, [900, 968]),
    ];

    const bytes = await copied(objects, sources);

    const expected = sources.flatMap(({ bytes, chunks }) =>
      chunks.map(({ offset, sealedLength }) => bytes.subarray(offset, offset + sealedLength)),
    );
    expect(bytes.equals(Buffer.concat(expected))).toBe(true);
  });

  it('refuses a source of other bytes, or with a chunk that does not lie in it', async () => {
    const objects = createMemoryObjectStore();
    const damaged = { code: 'PACK_DAMAGED' };
    const whole = await putSource(objects, 1000, [8, 20]);
    const other = { ...whole, sha256: randomBytes(32) };
    const beyond = await putSource(objects, 1000, [8, 1001]);

    await expect(copied(objects, [whole, other])).rejects.toMatchObject(damaged);
    await expect(copied(objects, [beyond])).rejects.toMatchObject(damaged);
  });
});
