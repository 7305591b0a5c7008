import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'cborg';
import { chunkIdFromBytes, systemClock } from '@rootcellar/model';
import type { ChunkId, HouseholdId, PackId } from '@rootcellar/model';
import { openFsObjectStore, prefixedObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import {
  CHUNK_KIND,
  HouseholdVault,
  PACK_TYPE,
  WRAPPED_KEY_KEY,
  decodePack,
  openVaultMarker,
  unwrapHouseholdKey,
} from '@rootcellar/vault';
import type { Crew, HouseholdKey, TreeEntry } from '@rootcellar/vault';
import { MapChunkIndex } from './map-chunk-index.js';
import { lineOf } from './expected-vault.js';

/** One root as its manifest describes it. */
export interface StoredRoot {
  readonly id: string;
  readonly kind: string;
  readonly tree: ChunkId;
  readonly manifest: ChunkId;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A household opened by what docs/format.md says is enough: its objects and the master key. No database. */
export interface StoredVault {
  readonly vault: HouseholdVault;
  readonly roots: readonly StoredRoot[];
  readonly packs: number;
}

/** @param folder a copy of a fixture: opening a store may write into it */
export async function openStoredVault(
  folder: string,
  householdId: HouseholdId,
  crew: Crew,
): Promise<StoredVault> {
  const store = await openFsObjectStore(join(folder, 'objects'));
  await openVaultMarker(store);
  const objects = prefixedObjectStore(store, `households/${householdId}/`);
  const householdKey = await householdKeyOf(folder, householdId, objects);
  const index = new MapChunkIndex();
  const manifests: ChunkId[] = [];
  let packs = 0;
  for await (const { key, size } of objects.list('packs/')) {
    const bytes = await objects.read(key, { offset: 0, length: size });
    const packId = key.slice(key.lastIndexOf('/') + 1) as PackId;
    // The type is the last byte of the header.
    const type = bytes[7] === PACK_TYPE.data ? PACK_TYPE.data : PACK_TYPE.metadata;
    const entries = decodePack({ packId, type, householdKey }, bytes);
    index.add(packId, entries);
    const roots = entries.filter(({ kind }) => kind === CHUNK_KIND.root);
    manifests.push(...roots.map(({ id }) => chunkIdFromBytes(id)));
    packs += 1;
  }
  const vault = new HouseholdVault({ objects, index, crew, clock: systemClock, householdKey });
  const plains = await vault.chunks.metadata(manifests);
  return { vault, packs, roots: plains.map((plain, at) => rootOf(plain, manifests[at])) };
}

/** What a root holds, every byte read, in the words of the fixture's own list. */
export async function linesOf(vault: HouseholdVault, tree: ChunkId): Promise<string[]> {
  const lines: string[] = [];
  for await (const entry of vault.trees.entries(tree)) {
    lines.push(lineOf({ ...entry, sha256: await sha256Of(vault, entry) }));
  }
  return lines;
}

async function householdKeyOf(
  folder: string,
  householdId: HouseholdId,
  objects: DeletableObjectStore,
): Promise<HouseholdKey> {
  const masterKey = Buffer.from((await readFile(join(folder, 'master-key'), 'utf8')).trim(), 'hex');
  const { size = 0 } = (await objects.stat(WRAPPED_KEY_KEY)) ?? {};
  const wrapped = await objects.read(WRAPPED_KEY_KEY, { offset: 0, length: size });
  return unwrapHouseholdKey(wrapped, { masterKey, householdId });
}

function rootOf(plain: Uint8Array, manifest: ChunkId | undefined): StoredRoot {
  const { id, kind, tree, facts } = decode(plain) as Omit<StoredRoot, 'tree' | 'manifest'> & {
    readonly tree: Uint8Array;
  };
  if (manifest === undefined) throw new RangeError('one id for each chunk');
  return { id, kind, facts, manifest, tree: chunkIdFromBytes(tree) };
}

async function sha256Of(vault: HouseholdVault, entry: TreeEntry): Promise<string | undefined> {
  if (entry.recipe === undefined) return undefined;
  const digest = createHash('sha256');
  for await (const bytes of vault.files.stream(entry.recipe)) digest.update(bytes);
  return digest.digest('hex');
}
