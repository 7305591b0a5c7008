import { createHash } from 'node:crypto';
import { CHUNK_FRAME_BYTES, encodeBody, writeChunkFrame } from '@rootcellar/chunking';
import { chunkIdToBytes, newId, sha256, systemClock } from '@rootcellar/model';
import type { ChunkId, HouseholdId, PackId, UploadId } from '@rootcellar/model';
import { createMemoryObjectStore, objectKey } from '@rootcellar/object-store';
import {
  CHUNK_KIND,
  Crew,
  HouseholdVault,
  PACK_TYPE,
  decodePack,
  decodePackEntries,
  newHouseholdKey,
  openVaultMarker,
  packKey,
  unwrapHouseholdKey,
  wrapHouseholdKey,
} from '@rootcellar/vault';
import type { ChunkKind, TreeEntry, VaultParts, WrittenPack } from '@rootcellar/vault';
import { MapChunkIndex } from '../../compat/map-chunk-index.js';
import type { Target } from '../target.js';

const HASH_BYTES = 32;
const HEADER = Buffer.from('RCPACK\x01\x02', 'latin1');

/** What reads stored bytes. Close it: it has a thread. */
export async function vaultTargets(): Promise<{
  readonly targets: readonly Target[];
  readonly close: () => Promise<void>;
}> {
  const crew = new Crew(1);
  const memory = openMemoryVault(crew);
  const { nodes, lists } = await storeExample(memory);
  const targets = [
    await packTarget(memory),
    {
      name: 'pack-index',
      seeds: await Promise.all(
        memory.packs.map(async (pack) => (await memory.vault.verifyPack(pack)).entries),
      ),
      run: (input: Buffer) => decodePackEntries(input).length,
    },
    {
      name: 'tree-node',
      seeds: nodes,
      run: async (input: Buffer) => readTree(memory, await store(memory, CHUNK_KIND.tree, input)),
    },
    {
      name: 'recipe-list',
      seeds: lists,
      run: async (input: Buffer) => {
        const id = await store(memory, CHUNK_KIND.list, input);
        return memory.vault.trees.countRefs({ normaliser: 0, depth: 1, refs: [{ id, length: 0 }] });
      },
    },
    markerTarget(),
    wrappedKeyTarget(),
  ];
  return { targets, close: async () => crew.close() };
}

interface MemoryVault {
  readonly vault: HouseholdVault;
  readonly parts: VaultParts;
  /** Those of the example. */
  readonly packs: readonly (WrittenPack & { readonly id: PackId })[];
}

function openMemoryVault(crew: Crew): MemoryVault {
  const packs: (WrittenPack & { readonly id: PackId })[] = [];
  const index = new (class extends MapChunkIndex {
    override async commitPack(pack: WrittenPack): Promise<void> {
      if (pack.holders.length > 0) packs.push({ ...pack, id: pack.packId });
      return super.commitPack(pack);
    }
  })();
  const objects = createMemoryObjectStore();
  const parts = { objects, index, crew, clock: systemClock, householdKey: newHouseholdKey() };
  return { vault: new HouseholdVault(parts), parts, packs };
}

/** A snapshot with folders, empty and short files, and two long enough for lists of chunks. */
async function storeExample({ vault }: MemoryVault): Promise<{
  readonly nodes: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
}> {
  const holder = newId<UploadId>(systemClock);
  const plain = Buffer.from('some bytes');
  const { codec, body } = encodeBody(plain);
  const frame = Buffer.alloc(CHUNK_FRAME_BYTES + body.length);
  const head = { id: chunkIdToBytes(sha256(plain)), codec, plainLength: plain.length };
  writeChunkFrame(frame, 0, head, body);
  await vault.intake.receive((room) => {
    room.set(frame);
    return Promise.resolve(frame.length);
  }, holder);

  using root = vault.writeRoot(holder);
  const ref = { id: sha256(plain), length: plain.length };
  for (let number = 0; number < 400; number += 1) {
    const path = `${String(number).padStart(3, '0')}/naïve 📱`;
    const refs = Array.from({ length: number === 7 ? 700 : number % 12 }, () => ref);
    const size = refs.length * plain.length;
    await root.add({ path, type: 'file', mtimeNs: BigInt(number) * -1_000_000_007n, size }, [refs]);
  }
  await root.add({ path: 'z', type: 'folder', mtimeNs: 0n, size: 0 }, []);
  const tree = await root.finishTree();

  const [nodes, lists]: [ChunkId[], ChunkId[]] = [[], []];
  for await (const id of vault.trees.metadataIds(tree.root)) nodes.push(id);
  for await (const { recipe } of vault.trees.entries(tree.root)) {
    if (recipe !== undefined && recipe.depth > 0) lists.push(...recipe.refs.map(({ id }) => id));
  }
  return {
    nodes: await vault.chunks.metadata(nodes.filter((id) => !lists.includes(id))),
    lists: await vault.chunks.metadata([...new Set(lists)]),
  };
}

/** Stores a chunk as the service would, whatever is in it. */
async function store({ parts }: MemoryVault, kind: ChunkKind, plain: Buffer): Promise<ChunkId> {
  const { crew, householdKey, objects, index } = parts;
  const id = sha256(plain);
  const chunks = [{ id: chunkIdToBytes(id), kind, plain }];
  const { sealed, entries } = await crew.run('sealMetadata', { householdKey, chunks });
  const pack = { packId: newId<PackId>(systemClock), type: PACK_TYPE.metadata };
  await objects.put(packKey(pack.packId), [HEADER, sealed]);
  const size = HEADER.length + sealed.length;
  const written = { ...pack, size, sha256: Buffer.alloc(HASH_BYTES), holders: [] };
  await index.commitPack({ ...written, entries: decodePackEntries(entries) });
  return id;
}

/** All that is done with a tree whose top node this is; what it says of other nodes is not there. */
async function readTree({ vault }: MemoryVault, root: ChunkId): Promise<number> {
  await vault.trees.find(root, '007/naïve 📱');
  const entries: TreeEntry[] = [];
  for await (const entry of vault.trees.entries(root)) entries.push(entry);
  let bytes = 0;
  for await (const piece of vault.streamFiles(withoutBytes(entries))) bytes += piece.length;
  return bytes;
}

async function* withoutBytes(entries: readonly TreeEntry[]): AsyncGenerator<TreeEntry> {
  for (const entry of entries) {
    const recipe = entry.recipe && { ...entry.recipe, depth: 0, refs: [] };
    yield await Promise.resolve({ ...entry, recipe });
  }
}

/** A whole pack. Its SHA-256 is put right after a change, or nothing behind that check would ever be reached. */
async function packTarget({ parts, packs }: MemoryVault): Promise<Target> {
  const [pack] = packs;
  if (pack === undefined) throw new Error('the example has packs');
  const key = packKey(pack.id);
  const seed = await parts.objects.read(key, { offset: 0, length: pack.size });
  const identity = { packId: pack.id, type: pack.type, householdKey: parts.householdKey };
  return {
    name: 'pack',
    seeds: [seed],
    run: (input) => decodePack(identity, withHash(input)).length,
  };
}

function withHash(pack: Buffer): Buffer {
  const content = pack.subarray(0, Math.max(0, pack.length - HASH_BYTES));
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

function markerTarget(): Target {
  const key = objectKey('vault');
  return {
    name: 'vault-marker',
    seeds: [Buffer.from(JSON.stringify({ format: 1, id: newId<PackId>(systemClock) }))],
    run: async (input) => {
      const objects = createMemoryObjectStore();
      await objects.put(key, [input]);
      return (await openVaultMarker(objects)).id.length;
    },
  };
}

function wrappedKeyTarget(): Target {
  const context = { masterKey: Buffer.alloc(32, 1), householdId: newId<HouseholdId>(systemClock) };
  return {
    name: 'wrapped-key',
    seeds: [wrapHouseholdKey(newHouseholdKey(), context)],
    run: (input) => unwrapHouseholdKey(input, context).length,
  };
}
