import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ArchiveError } from '@rootcellar/model';
import { requireStrength } from '../sign-in/password-strength.js';

const argon2Async = promisify(argon2);

/** Argon2id as OWASP's Password Storage Cheat Sheet recommends (2025): 19 MiB, 2 passes, 1 lane. RFC 9106. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const PASSWORD_MIN = 8;
const PASSWORD_MAX_BYTES = 1024;

/**
 * @param about name and address of whose it is: the first that an attacker tries
 * @returns a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`
 * @throws ArchiveError INPUT_INVALID, PASSWORD_WEAK
 */
export async function hashPassword(
  password: string,
  about: readonly string[] = [],
): Promise<string> {
  if (
    Array.from(password).length < PASSWORD_MIN ||
    Buffer.byteLength(password) > PASSWORD_MAX_BYTES
  ) {
    throw new ArchiveError('INPUT_INVALID', `A password has at least ${PASSWORD_MIN} characters.`);
  }
  await requireStrength(password, about);
  const nonce = randomBytes(16);
  const hash = await derive(password, nonce, COST);
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(hash)}`;
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Takes as long for an unknown member (`undefined`) as for a known one. */
export async function verifyPassword(password: string, phc: string | undefined): Promise<boolean> {
  const match = PHC.exec(phc ?? UNKNOWN_MEMBER);
  if (match === null || Buffer.byteLength(password) > PASSWORD_MAX_BYTES) return false;
  const [, memory, passes, parallelism, salt = '', expected = ''] = match;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const hash = await derive(password, Buffer.from(salt, 'base64'), cost);
  const wanted = Buffer.from(expected, 'base64');
  return hash.length === wanted.length && timingSafeEqual(hash, wanted) && phc !== undefined;
}

const { memory: M, passes: T, parallelism: P } = COST;
const UNKNOWN_MEMBER = `$argon2id$v=19$m=${M},t=${T},p=${P}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

async function derive(
  password: string,
  nonce: Uint8Array,
  cost: { readonly memory: number; readonly passes: number; readonly parallelism: number },
): Promise<Buffer> {
  return argon2Async('argon2id', {
    message: password.normalize('NFC'),
    nonce,
    tagLength: 32,
    ...cost,
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

/** An opaque token: `rc_` and 256 random bits. Only its SHA-256 is stored. */
export function newToken(): string {
  return `rc_${randomBytes(32).toString('base64url')}`;
}

export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

/** Compares two secrets without telling by time how much of them is alike. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hashToken(a), hashToken(b));
}
