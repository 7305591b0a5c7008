import { readdirSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeTemporaryFolder } from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';
import { Crew } from '@rootcellar/vault';
import type { ExpectedVault } from './expected-vault.js';
import { linesOf, openStoredVault } from './stored-vault.js';
import type { StoredVault } from './stored-vault.js';

/** From `test/dist/compat`; see its README. */
const FIXTURES = fileURLToPath(new URL('../../fixtures/vaults/', import.meta.url));
const VERSIONS = readdirSync(FIXTURES).filter((name) => /^v\d+$/.test(name));

let crew: Crew;
beforeAll(() => {
  crew = new Crew(1);
});
afterAll(async () => crew.close());

let room: TemporaryFolder;
beforeEach(async () => {
  room = await makeTemporaryFolder('rootcellar-compat');
});
afterEach(async () => room.remove());

it('has a stored vault of the first format version, and of no version twice', () => {
  expect(VERSIONS).toContain('v1');
});

describe.each(VERSIONS)('a vault stored by format %s', (version) => {
  let expected: ExpectedVault;
  let stored: StoredVault;
  beforeEach(async () => {
    const fixture = join(FIXTURES, version);
    expected = JSON.parse(await readFile(join(fixture, 'expected.json'), 'utf8')) as ExpectedVault;
    await cp(fixture, room.path, { recursive: true });
    stored = await openStoredVault(room.path, expected.householdId, crew);
  });

  it('says by its root manifests what it holds', () => {
    const idsOf = (roots: readonly { readonly id: string; readonly kind: string }[]): string[] =>
      roots.map(({ id, kind }) => `${kind} ${id}`).sort();

    expect(`v${expected.format}`).toBe(version);
    expect(idsOf(stored.roots)).toEqual(idsOf(expected.roots));
  });

  it('gives back every path, time, size and byte of every root', async () => {
    for (const { id, entries } of expected.roots) {
      const root = stored.roots.find((candidate) => candidate.id === id);
      if (root === undefined) throw new Error(`no root ${id}`);

      expect(await linesOf(stored.vault, root.tree)).toEqual(entries);
    }
  });

  it('holds every chunk that its roots need', async () => {
    for (const root of stored.roots) {
      const { packs, chunks } = await stored.vault.countRoot(root);

      expect(chunks).toBeGreaterThan(0);
      expect(packs.size).toBeLessThanOrEqual(stored.packs);
    }
  });
});
