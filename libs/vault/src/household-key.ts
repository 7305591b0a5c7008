import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ArchiveError } from '@rootcellar/model';

/** 32 bytes. Everything a household stores is sealed under keys derived from it. docs/format.md, Keys. */
export type HouseholdKey = Uint8Array;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAP_VERSION = 1;
const WRAPPED_BYTES = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

export function newHouseholdKey(): HouseholdKey {
  return randomBytes(KEY_BYTES);
}

export interface WrapContext {
  /** 32 bytes, kept apart from object store and database. */
  readonly masterKey: Uint8Array;
  /** The UUID the key belongs to: a wrapped key cannot be passed off as another household's. */
  readonly householdId: string;
}

/** @returns 61 bytes, safe to store beside the data. */
export function wrapHouseholdKey(key: HouseholdKey, context: WrapContext): Uint8Array {
  const info = wrapInfo(context.householdId);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', derive(context.masterKey, info), nonce);
  cipher.setAAD(info);
  const sealed = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat([Buffer.of(WRAP_VERSION), nonce, sealed, cipher.getAuthTag()]);
}

/** @throws ArchiveError MASTER_KEY_WRONG, FORMAT_UNKNOWN */
export function unwrapHouseholdKey(wrapped: Uint8Array, context: WrapContext): HouseholdKey {
  if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== WRAP_VERSION) {
    throw new ArchiveError(
      'FORMAT_UNKNOWN',
      'The wrapped household key has a form this release does not know.',
    );
  }
  const info = wrapInfo(context.householdId);
  const nonce = wrapped.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', derive(context.masterKey, info), nonce);
  decipher.setAAD(info);
  decipher.setAuthTag(wrapped.subarray(WRAPPED_BYTES - TAG_BYTES));
  try {
    const body = wrapped.subarray(1 + NONCE_BYTES, WRAPPED_BYTES - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    throw new ArchiveError(
      'MASTER_KEY_WRONG',
      'The master key does not open the key of this household.',
      {
        cause,
        hint: 'Put back the master key this data was made with.',
      },
    );
  }
}

export function deriveChunkKey(key: HouseholdKey, chunkId: Uint8Array): KeyObject {
  return derive(key, Buffer.concat([CHUNK_INFO, chunkId]));
}

export function deriveTrailerKey(key: HouseholdKey, packId: Uint8Array): KeyObject {
  return derive(key, Buffer.concat([TRAILER_INFO, packId]));
}

/** The seed of the household's gear table: known chunk lengths must not fingerprint known files. */
export function deriveGearSeed(key: HouseholdKey): Uint8Array {
  return derive(key, GEAR_INFO).export();
}

/** For names that must be told apart and never be read: the same household gives the same 32 bytes for the same text. */
export function blindText(key: HouseholdKey, text: string): Uint8Array {
  return createHmac('sha256', derive(key, BLIND_INFO)).update(text).digest();
}

const CHUNK_INFO = Buffer.from('rootcellar/v1/chunk');
const TRAILER_INFO = Buffer.from('rootcellar/v1/trailer');
const GEAR_INFO = Buffer.from('rootcellar/v1/gear');
const BLIND_INFO = Buffer.from('rootcellar/v1/blind');
const WRAP_INFO = Buffer.from('rootcellar/v1/household-key');
const HASH_BYTES = 32;
const NO_SALT = Buffer.alloc(HASH_BYTES);
const FIRST_BLOCK = Buffer.of(1);

/**
 * HKDF-SHA256 (RFC 5869) with an empty salt for 32 bytes: one HMAC of the extracted key, which is kept. Node's own `hkdfSync` extracts it
 * anew for every chunk, and raw keys cost it four times what key objects do.
 */
function derive(key: Uint8Array, info: Uint8Array): KeyObject {
  const hmac = createHmac('sha256', extract(key));
  return createSecretKey(hmac.update(info).update(FIRST_BLOCK).digest());
}

/** Of the households this thread works for. */
const extracted = new Map<string, KeyObject>();
const EXTRACTED_MAX = 64;

function extract(key: Uint8Array): KeyObject {
  const name = Buffer.from(key).toString('latin1');
  const known = extracted.get(name);
  if (known !== undefined) return known;
  if (extracted.size === EXTRACTED_MAX) extracted.clear();
  const fresh = createSecretKey(createHmac('sha256', NO_SALT).update(key).digest());
  extracted.set(name, fresh);
  return fresh;
}

function wrapInfo(householdId: string): Buffer {
  return Buffer.concat([WRAP_INFO, uuidBytes(householdId)]);
}

/** @returns the 16 bytes of a UUID. */
export function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
