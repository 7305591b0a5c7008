import { describe, expect, it } from '@jest/globals';
import type { ChunkRef } from '@rootcellar/chunking';
import { sha256 } from '@rootcellar/model';
import type { HouseholdVault, Recipe } from '@rootcellar/vault';
import fc from 'fast-check';
import { ChunkMemory } from './chunk-memory.js';
import { PackageChunks } from './package-chunks.js';

/** A vault of chunks that hold one letter over and over; `reads` says which were read. */
function vaultOf(reads: string[] = []): HouseholdVault {
  const vault = {
    trees: { refs: (recipe: Recipe) => [recipe.refs] },
    files: {
      range: (recipe: Recipe, _: number, length: number) => {
        const letter = LETTERS.get(recipe.refs[0]?.id ?? '') ?? '?';
        reads.push(letter);
        return Promise.resolve(Buffer.alloc(length, letter));
      },
    },
  };
  return vault as unknown as HouseholdVault;
}

const lettersOf = (text: string): string[] => Array.from(text);

const LETTERS = new Map<string, string>(
  lettersOf('abcdefgh').map((letter) => [sha256(Buffer.from(letter)), letter]),
);
const LENGTHS: Readonly<Record<string, number>> = {
  ...{ a: 1, b: 2, c: 3, d: 5, e: 8, f: 13, g: 21, h: 34 },
};

function recipeOf(letters: string): Recipe {
  const refs = lettersOf(letters).map((letter): ChunkRef => ({
    id: sha256(Buffer.from(letter)),
    length: LENGTHS[letter] ?? 0,
  }));
  return { normaliser: 0, depth: 0, refs };
}
const bytesOf = (letters: string): string =>
  lettersOf(letters)
    .map((letter) => letter.repeat(LENGTHS[letter] ?? 0))
    .join('');
const chunksOf = async (letters: string): Promise<PackageChunks> =>
  PackageChunks.of(vaultOf(), recipeOf(letters));

const anyLetters = fc.string({
  unit: fc.constantFrom(...lettersOf('abcdefgh')),
  minLength: 1,
  maxLength: 20,
});

describe('the chunks of a package', () => {
  it('are read as the file they make', async () => {
    await fc.assert(
      fc.asyncProperty(anyLetters, fc.nat(400), fc.nat(400), async (letters, offset, length) => {
        const reader = (await chunksOf(letters)).reader(vaultOf(), new ChunkMemory());

        const read = await reader.read(offset, length);

        expect(Buffer.from(read).toString()).toBe(bytesOf(letters).slice(offset, offset + length));
      }),
    );
  });

  it('tell how much of a range another package lacks', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...[anyLetters, anyLetters, fc.nat(400), fc.nat(400)],
        async (letters, others, offset, length) => {
          const lacked = (await chunksOf(letters)).bytesLackedBy(await chunksOf(others));

          const range = lettersOf(bytesOf(letters).slice(offset, offset + length));
          const expected = range.filter((letter) => !others.includes(letter)).length;
          expect(lacked(offset, length)).toBe(expected);
        },
      ),
    );
  });

  it('give ranges one key only when their bytes are the same', async () => {
    const [one, other] = [await chunksOf('abch'), await chunksOf('hhabcx')];

    expect(one.keyOf(0, 6)).toBe(other.keyOf(68, 6));
    expect(one.keyOf(1, 4)).toBe(other.keyOf(69, 4));
    expect(one.keyOf(0, 6)).not.toBe(other.keyOf(68, 5));
    expect(one.keyOf(0, 6)).not.toBe(other.keyOf(67, 6));
  });

  it('are read once where two packages share them', async () => {
    const reads: string[] = [];
    const [vault, memory] = [vaultOf(reads), new ChunkMemory()];
    const readers = [(await chunksOf('abc')).reader(vault, memory)];
    readers.push((await chunksOf('cb')).reader(vault, memory));

    await Promise.all(readers.map(async (reader) => reader.read(0, 4)));

    expect(reads.sort()).toEqual(['a', 'b', 'c']);
  });

  it('are not gathered without an end', async () => {
    const refs = recipeOf('a'.repeat(600)).refs;
    const endless = { trees: { refs: () => Array.from({ length: 1000 }, () => refs) } };

    await expect(
      PackageChunks.of(endless as unknown as HouseholdVault, recipeOf('')),
    ).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });
});

describe('the memory of chunks', () => {
  const MIB = 1024 * 1024;
  const ref = (letter: string): ChunkRef => ({ id: sha256(Buffer.from(letter)), length: 4 * MIB });

  it('forgets what was used longest ago', async () => {
    const memory = new ChunkMemory();
    const reads: string[] = [];
    const get = async (letter: string) =>
      memory.get(ref(letter), () => {
        reads.push(letter);
        return Promise.resolve(Buffer.of());
      });

    for (const letter of 'abcdefagb') await get(letter);

    expect(reads.join('')).toBe('abcdefgb');
  });

  it('tries again what failed', async () => {
    const memory = new ChunkMemory();
    await expect(memory.get(ref('a'), () => Promise.reject(new Error('down')))).rejects.toThrow(
      'down',
    );

    const again = memory.get(ref('a'), () => Promise.resolve(Buffer.from('up')));

    expect(Buffer.from(await again).toString()).toBe('up');
  });
});
