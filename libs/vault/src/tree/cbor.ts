import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { ArchiveError } from '@rootcellar/model';

/** Deterministic CBOR (RFC 8949 §4.2.1): the same value has the same bytes, so equal nodes are one chunk. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

/** @throws ArchiveError TREE_DAMAGED for anything that is not one deterministic CBOR value. */
export function decodeCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      rejectDuplicateMapKeys: true,
    });
  } catch (cause) {
    throw damagedTree('a node is not CBOR', cause);
  }
}

export function damagedTree(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('TREE_DAMAGED', `A snapshot's tree is damaged: ${why}.`, {
    cause,
    hint: 'Run `rootcellar admin scrub`; other snapshots are not affected unless they share the node.',
  });
}
