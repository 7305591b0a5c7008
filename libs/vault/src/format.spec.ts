import { afterAll, describe, expect, it } from '@jest/globals';
import { CODEC } from '@rootcellar/chunking';
import { parseId, sha256 } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import { zstdDecompressSync } from 'node:zlib';
import { Crew } from './crew.js';
import { unwrapHouseholdKey, wrapHouseholdKey } from './household-key.js';
import { WRAPPED_KEY_KEY, packKey } from './object-keys.js';
import { openPlainChunk } from './open-plain-chunk.js';
import { PACK_MIN_BYTES, PACK_TYPE, decodePack } from './pack-format.js';
import { CHUNK_KIND } from './sealed-chunk.js';
import {
  gcm,
  headWithLength,
  hkdf,
  packByReference,
  sealByReference,
  sha256Bytes,
  ungcm,
} from './testing/format-by-reference.js';
import { openMemoryVault } from './testing/open-memory-vault.js';
import { noise, prose } from './testing/sample-bytes.js';
import { sendChunks } from './testing/send-chunks.js';

/** 2,000 bytes `abcabc…` as one zstd frame: any encoder's will do, so this one's bytes are part of the fixture. */
const FRAME = Buffer.from('28b52ffd60d006550000186162630100cafbbb21', 'hex');

/** docs/format.md, byte by byte: what stands here may only change together with it and with the format's version. */
const crew = new Crew(1);
const HOUSEHOLD_KEY = Buffer.from(Array.from({ length: 32 }, (_, at) => at));
const PACK = parseId<PackId>('0192f8a0-1234-7abc-8def-0123456789ab');
const PACK_BYTES = Buffer.from('0192f8a012347abc8def0123456789ab', 'hex');

afterAll(async () => crew.close());

describe('objects', () => {
  it('have the keys of format.md, below the household', () => {
    expect(packKey(PACK)).toBe('packs/ab/0192f8a0-1234-7abc-8def-0123456789ab');
    expect(WRAPPED_KEY_KEY).toBe('key');
  });
});

describe('the wrapped household key', () => {
  const masterKey = Buffer.alloc(32, 0x4d);
  const info = Buffer.concat([Buffer.from('rootcellar/v1/household-key'), PACK_BYTES]);
  const context = { masterKey, householdId: PACK };

  it('is what format.md says', () => {
    const wrapped = Buffer.from(wrapHouseholdKey(HOUSEHOLD_KEY, context));

    expect(wrapped).toHaveLength(61);
    expect(wrapped.readUInt8(0)).toBe(1);
    const opened = ungcm({ key: hkdf(masterKey, info), aad: info }, wrapped.subarray(1));
    expect(opened.equals(HOUSEHOLD_KEY)).toBe(true);
  });

  it('is read when something else wrote it as format.md says', () => {
    const nonce = Buffer.alloc(12, 0x4e);
    const sealed = gcm({ key: hkdf(masterKey, info), nonce, aad: info }, HOUSEHOLD_KEY);
    const wrapped = Buffer.concat([Buffer.of(1), sealed]);

    expect(sha256(wrapped)).toBe(
      '18cda893657d8bc8fc690bcbe9b93526e2ebe1d62442b8b25bc9a60cbbb28f9e',
    );
    expect(Buffer.compare(unwrapHouseholdKey(wrapped, context), HOUSEHOLD_KEY)).toBe(0);
  });
});

describe('a pack written here', () => {
  it('has everything where format.md says', async () => {
    const plains = [prose(3000), noise(500), Buffer.from('x')];
    const { vault, parts, index, holder } = openMemoryVault(crew);
    await sendChunks(vault, plains, holder);
    const [{ id, size } = { id: PACK, size: 0 }] = index.packs;
    const bytes = Buffer.from(await parts.objects.read(packKey(id), { offset: 0, length: size }));
    const packId = Buffer.from(id.replaceAll('-', ''), 'hex');

    // Header: 8 bytes.
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('RCPACK\x01\x01');
    // Footer: 36 bytes.
    expect(bytes.subarray(size - 32).equals(sha256Bytes(bytes.subarray(0, size - 32)))).toBe(true);
    const indexLength = bytes.readUInt32LE(size - 36);
    expect(indexLength).toBe(12 + 3 * 42 + 16);
    // Index: before the footer.
    const indexAt = size - 36 - indexLength;
    const lines = ungcm(
      {
        key: hkdf(parts.householdKey, 'rootcellar/v1/trailer', packId),
        aad: Buffer.concat([bytes.subarray(0, 8), packId]),
      },
      bytes.subarray(indexAt, indexAt + indexLength),
    );
    // Chunks: from 8 on, without gaps.
    let at = 8;
    for (const [which, plain] of plains.entries()) {
      const line = lines.subarray(which * 42, which * 42 + 42);
      const sealedLength = line.readUInt32LE(38);
      const head = {
        id: line.subarray(0, 32),
        kind: line.readUInt8(32),
        codec: line.readUInt8(33),
        plainLength: line.readUInt32LE(34),
      };
      expect(head.id.equals(sha256Bytes(plain))).toBe(true);
      expect([head.kind, head.codec, head.plainLength]).toEqual([
        1,
        which === 0 ? 1 : 0,
        plain.length,
      ]);
      const key = hkdf(parts.householdKey, 'rootcellar/v1/chunk', head.id);
      const aad = headWithLength(head, sealedLength - 28);
      const body = ungcm({ key, aad }, bytes.subarray(at, at + sealedLength));
      expect((head.codec === 1 ? zstdDecompressSync(body) : body).equals(plain)).toBe(true);
      at += sealedLength;
    }
    expect(at).toBe(indexAt);
  });
});

describe('a pack that something else wrote as format.md says', () => {
  const plains = [Buffer.from('hello cellar'), Buffer.alloc(0), Buffer.alloc(2000, 'abc')];
  const bodies = plains.map((plain, at) => (at === 2 ? FRAME : plain));

  function fixture(type: 1 | 2): Buffer {
    const chunks = plains.map((plain, at) => {
      const head = {
        id: sha256Bytes(plain),
        kind: type === 1 ? 1 : at + 2,
        codec: at === 2 ? 1 : 0,
        plainLength: plain.length,
      };
      const nonce = Buffer.alloc(12, at + 1);
      return { head, sealed: sealByReference(HOUSEHOLD_KEY, nonce, head, bodies[at] ?? plain) };
    });
    const pack = { householdKey: HOUSEHOLD_KEY, packId: PACK_BYTES, type };
    return packByReference(pack, Buffer.alloc(12, 0xff), chunks);
  }

  it.each([
    [
      PACK_TYPE.data,
      '56009b80732266962bcd1c6b0464d21c756f4bc5d9e2e5f24c8939584f36e06e',
      [CHUNK_KIND.data, CHUNK_KIND.data, CHUNK_KIND.data],
    ],
    [
      PACK_TYPE.metadata,
      'efbdd1a43ec3fc293ff4938e9ba3ca9bc7c1aca347319520352599d6d0fcd5cb',
      [CHUNK_KIND.list, CHUNK_KIND.tree, CHUNK_KIND.root],
    ],
  ])('is read (type %d)', (type, digest, kinds) => {
    const bytes = fixture(type);

    expect(sha256(bytes)).toBe(digest);
    const entries = decodePack({ packId: PACK, type, householdKey: HOUSEHOLD_KEY }, bytes);
    expect(entries.map(({ kind }) => kind)).toEqual(kinds);
    expect(entries.map(({ codec }) => codec)).toEqual([CODEC.plain, CODEC.plain, CODEC.zstd]);
    expect(entries.map(({ offset }) => offset)).toEqual([8, 8 + 12 + 28, 8 + 12 + 28 + 28]);
    const opened = entries.map((entry) => {
      const { offset, sealedLength } = entry;
      const sealed = bytes.subarray(offset, offset + sealedLength);
      return Buffer.from(openPlainChunk(HOUSEHOLD_KEY, entry, sealed));
    });
    expect(opened).toEqual(plains);
  });

  it('may hold no chunk at all', () => {
    const pack = { householdKey: HOUSEHOLD_KEY, packId: PACK_BYTES, type: 1 };
    const bytes = packByReference(pack, Buffer.alloc(12), []);

    expect(bytes).toHaveLength(PACK_MIN_BYTES);
    expect(decodePack({ packId: PACK, type: 1, householdKey: HOUSEHOLD_KEY }, bytes)).toEqual([]);
  });
});
