import { X509Certificate, hash } from 'node:crypto';
import { readZipEntry } from '@rootcellar/zip';
import type { BlockReader, ZipDirectory } from '@rootcellar/zip';
import { isArchiveError } from '@rootcellar/model';
import { signersOfPkcs7 } from './pkcs7-certificates.js';
import { readSigningBlock } from './signing-block.js';

export type SigningScheme = 'v1' | 'v2' | 'v3' | 'v3.1';

/** Who signed a package, as it says itself: certificates are read, signatures are not verified; the device does that. */
export interface Signing {
  readonly schemes: readonly SigningScheme[];
  /** SHA-256 of the signers' certificates, by the newest scheme there is: 64 hex digits each, sorted. Empty: not signed, or not readable. */
  readonly certificates: readonly string[];
  /** Certificates the signer had before and proves it, oldest first, the present one included. Empty without a rotation. */
  readonly lineage: readonly string[];
  /** Something of the signatures cannot be read. */
  readonly damaged: boolean;
}

const V1_BLOCK = /^META-INF\/[^/]+\.(?:RSA|DSA|EC)$/i;
const V1_MAX_BYTES = 256 * 1024;
const V1_MAX_BLOCKS = 10;

/** @throws ArchiveError PACKAGE_NOT_ZIP */
export async function readSigning(blocks: BlockReader, directory: ZipDirectory): Promise<Signing> {
  const block = await readSigningBlock(blocks);
  const v1 = await readV1(blocks, directory);
  const newest = block.schemes.at(-1);
  const from = newest?.certificates ?? v1.certificates;
  const certificates = from.map(fingerprintOf);
  const lineage = (newest?.lineage ?? []).map(fingerprintOf);
  const damaged = block.damaged || v1.damaged || [...certificates, ...lineage].includes(undefined);
  return {
    schemes: [...(v1.present ? (['v1'] as const) : []), ...block.schemes.map((one) => one.scheme)],
    certificates: [...new Set(certificates.filter((one) => one !== undefined))].sort(),
    lineage: lineage.filter((one) => one !== undefined),
    damaged,
  };
}

async function readV1(
  blocks: BlockReader,
  directory: ZipDirectory,
): Promise<{
  readonly present: boolean;
  readonly certificates: readonly Buffer[];
  readonly damaged: boolean;
}> {
  const entries = [...directory].filter(([name]) => V1_BLOCK.test(name)).slice(0, V1_MAX_BLOCKS);
  const certificates: Buffer[] = [];
  let damaged = false;
  for (const [, entry] of entries) {
    try {
      const found = signersOfPkcs7(await readZipEntry(blocks, entry, V1_MAX_BYTES));
      certificates.push(...found);
      damaged ||= found.length === 0;
    } catch (error) {
      if (!isArchiveError(error, 'PACKAGE_NOT_ZIP', 'PACKAGE_TOO_LARGE')) throw error;
      damaged = true;
    }
  }
  return { present: entries.length > 0, certificates, damaged };
}

/** Of the bytes as they are, which is what Android compares. Undefined for bytes that are no certificate. */
function fingerprintOf(der: Buffer): string | undefined {
  try {
    new X509Certificate(der);
  } catch {
    return undefined;
  }
  return hash('sha256', der);
}
