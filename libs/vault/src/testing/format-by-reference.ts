import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';

/** docs/format.md once more, word by word and slowly, with every random number handed in. Shares no line with the code it proves. */

export function hkdf(key: Uint8Array, ...info: readonly (string | Uint8Array)[]): Buffer {
  const bytes = Buffer.concat(info.map((part) => Buffer.from(part)));
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), bytes, 32));
}

export function sha256Bytes(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** `nonce[12] ‖ AES-256-GCM(plain) ‖ tag[16]` */
export function gcm(
  keys: { readonly key: Uint8Array; readonly nonce: Uint8Array; readonly aad: Uint8Array },
  plain: Uint8Array,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', keys.key, keys.nonce).setAAD(keys.aad);
  return Buffer.concat([keys.nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function ungcm(
  keys: { readonly key: Uint8Array; readonly aad: Uint8Array },
  sealed: Uint8Array,
): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keys.key, sealed.subarray(0, 12));
  decipher.setAAD(keys.aad).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

/** What format.md says of a chunk apart from its bytes. */
export interface ReferenceHead {
  readonly id: Uint8Array;
  readonly kind: number;
  readonly codec: number;
  readonly plainLength: number;
}

/** `chunk id[32] ‖ kind u8 ‖ codec u8 ‖ plain length u32 ‖ length u32`: AAD of a chunk, and a line of an index. */
export function headWithLength(head: ReferenceHead, length: number): Buffer {
  const numbers = Buffer.alloc(10);
  numbers.writeUInt8(head.kind, 0);
  numbers.writeUInt8(head.codec, 1);
  numbers.writeUInt32LE(head.plainLength, 2);
  numbers.writeUInt32LE(length, 6);
  return Buffer.concat([head.id, numbers]);
}

export function sealByReference(
  householdKey: Uint8Array,
  nonce: Uint8Array,
  head: ReferenceHead,
  body: Uint8Array,
): Buffer {
  const key = hkdf(householdKey, 'rootcellar/v1/chunk', head.id);
  return gcm({ key, nonce, aad: headWithLength(head, body.length) }, body);
}

export interface ReferencePack {
  readonly householdKey: Uint8Array;
  /** The 16 bytes of its UUID. */
  readonly packId: Uint8Array;
  readonly type: number;
}

export function packByReference(
  pack: ReferencePack,
  nonce: Uint8Array,
  chunks: readonly { readonly head: ReferenceHead; readonly sealed: Uint8Array }[],
): Buffer {
  const header = Buffer.from([...Buffer.from('RCPACK'), 1, pack.type]);
  const entries = chunks.map(({ head, sealed }) => headWithLength(head, sealed.length));
  const key = hkdf(pack.householdKey, 'rootcellar/v1/trailer', pack.packId);
  const aad = Buffer.concat([header, pack.packId]);
  const index = gcm({ key, nonce, aad }, Buffer.concat(entries));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(index.length);
  const beforeHash = Buffer.concat([header, ...chunks.map(({ sealed }) => sealed), index, length]);
  return Buffer.concat([beforeHash, sha256Bytes(beforeHash)]);
}

/** FNV-1a and fmix32 in whole numbers, without a sign to trip over. */
export function isBorderByReference(path: string, seed: number): boolean {
  const mod32 = (value: bigint): bigint => BigInt.asUintN(32, value);
  let hash = 2166136261n ^ BigInt(seed);
  for (const byte of Buffer.from(path)) hash = mod32((hash ^ BigInt(byte)) * 16777619n);
  hash = mod32((hash ^ (hash >> 16n)) * 0x85ebca6bn);
  hash = mod32((hash ^ (hash >> 13n)) * 0xc2b2ae35n);
  return (hash ^ (hash >> 16n)) % 64n === 0n;
}
