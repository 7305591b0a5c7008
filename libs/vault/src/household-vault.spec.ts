import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { sha256 } from '@rootcellar/model';
import fc from 'fast-check';
import { Crew } from './crew.js';
import { deriveGearSeed } from './household-key.js';
import { packKey } from './object-keys.js';
import { PACK_ENTRY_BYTES, PACK_MAX_BYTES, decodePackEntries } from './pack-format.js';
import { openMemoryVault } from './testing/open-memory-vault.js';
import type { MemoryVault } from './testing/open-memory-vault.js';
import { noise, prose } from './testing/sample-bytes.js';
import { sendChunks } from './testing/send-chunks.js';

const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);
const CHUNKS = [prose(1000, 1), noise(300, 2), prose(50, 3)];

afterAll(async () => crew.close());

type PackRow = MemoryVault['index']['packs'][number];

async function withPack(): Promise<MemoryVault & { pack: PackRow; bytes: Uint8Array }> {
  const opened = openMemoryVault(crew);
  await sendChunks(opened.vault, CHUNKS, opened.holder);
  const [pack] = opened.index.packs;
  if (pack === undefined) throw new Error('no pack was written');
  const { objects } = opened.parts;
  const bytes = await objects.read(packKey(pack.id), { offset: 0, length: pack.size });
  return { ...opened, pack, bytes };
}

describe('HouseholdVault.verifyPack', () => {
  it('finds a sound pack sound, and gives its index', async () => {
    const { vault, pack, index } = await withPack();

    const { chunks, entries } = await vault.verifyPack(pack);

    expect(chunks).toBe(3);
    expect(entries).toHaveLength(3 * PACK_ENTRY_BYTES);
    const places = await index.locate(CHUNKS.map((chunk) => sha256(chunk)));
    expect(decodePackEntries(entries).map(({ offset }) => offset)).toEqual(
      places.map((place) => place?.offset),
    );
  });

  it('finds any flipped bit', async () => {
    const { vault, pack, bytes, parts } = await withPack();

    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const damaged = bytes.map((byte, place) => (place === at ? byte ^ (1 << bit) : byte));
        await parts.objects.put(packKey(pack.id), [damaged]);

        await expect(vault.verifyPack(pack)).rejects.toMatchObject({
          code: at === 6 ? 'FORMAT_UNKNOWN' : 'PACK_DAMAGED',
        });
      }),
      { numRuns: 60 },
    );
  });

  it('finds a pack that is sound but not the one on record', async () => {
    const { vault, pack } = await withPack();

    await expect(
      vault.verifyPack({ ...pack, sha256: pack.sha256.map((byte) => byte ^ 1) }),
    ).rejects.toMatchObject({ code: 'PACK_DAMAGED' });
  });

  it('finds a pack that lies under the name of another', async () => {
    const { vault, holder, pack, bytes, parts, index } = await withPack();
    await sendChunks(vault, [noise(10, 9)], holder);
    const other = index.packs[1];
    if (other === undefined) throw new Error('no second pack');
    await parts.objects.put(packKey(other.id), [bytes]);

    await expect(vault.verifyPack({ ...pack, id: other.id })).rejects.toMatchObject({
      code: 'PACK_DAMAGED',
    });
  });

  it('finds a pack that is cut off, and one that is gone', async () => {
    const { vault, pack, bytes, parts } = await withPack();

    await parts.objects.put(packKey(pack.id), [bytes.subarray(0, -1)]);
    await expect(vault.verifyPack(pack)).rejects.toMatchObject({ code: 'OBJECT_RANGE_INVALID' });

    await vault.removePack(pack.id);
    await expect(vault.verifyPack(pack)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  it.each([0, 31, 71, PACK_MAX_BYTES + 1])(
    'refuses a record of a size no pack has: %d',
    async (size) => {
      const { vault, pack } = await withPack();

      await expect(vault.verifyPack({ ...pack, size })).rejects.toMatchObject({
        code: 'PACK_DAMAGED',
      });
    },
  );
});

describe('HouseholdVault', () => {
  it('gives the seed of its own household', () => {
    const { vault, parts } = openMemoryVault(crew);

    expect(Buffer.compare(vault.gearSeed, deriveGearSeed(parts.householdKey))).toBe(0);
    expect(Buffer.compare(vault.gearSeed, openMemoryVault(crew).vault.gearSeed)).not.toBe(0);
  });

  it('says what is held, and pins it for the upload that asks', async () => {
    const { vault, index, pack } = await withPack();
    const late = index.openUpload();

    const held = await vault.pinHeld([sha256(prose(1000, 1)), sha256(Buffer.of(1))], late);

    expect(held).toEqual([true, false]);
    expect(index.pinnedBy(late)).toEqual([pack.id]);
  });

  it('removes a pack that is gone already', async () => {
    const { vault, pack } = await withPack();

    await vault.removePack(pack.id);
    await expect(vault.removePack(pack.id)).resolves.toBeUndefined();
  });
});
