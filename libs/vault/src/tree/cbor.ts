import { Tokenizer, decode, encode, rfc8949EncodeOptions } from 'cborg';
import type { Token } from 'cborg';
import { ArchiveError } from '@rootcellar/model';

/** Deterministic CBOR (RFC 8949 §4.2.1): the same value has the same bytes, so equal nodes are one chunk. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

/** @throws ArchiveError TREE_DAMAGED for anything that is not one deterministic CBOR value. */
export function decodeCbor(bytes: Uint8Array): unknown {
  try {
    const tokenizer = new ExactTokenizer(bytesView(bytes), DECODING);
    return decode(bytes, { ...DECODING, tokenizer });
  } catch (cause) {
    throw damagedTree('a node is not CBOR', cause);
  }
}

const DECODING = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowBigInt: true,
  rejectDuplicateMapKeys: true,
  retainStringBytes: true,
};

/** First byte of U+FEFF in UTF-8. */
const BOM_BEGINS = 0xef;
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * cborg takes a byte order mark off the beginning of a text and writes U+FFFD for bytes that are no UTF-8; a name must come back as it
 * was. Only texts that may be meant are looked at again.
 */
class ExactTokenizer extends Tokenizer {
  override next(): Token {
    const token = super.next();
    const bytes = token.byteValue;
    if (bytes === undefined) return token;
    if (bytes[0] === BOM_BEGINS || String(token.value).includes('\ufffd')) {
      token.value = UTF_8.decode(bytes);
    }
    return token;
  }
}

/** Not a `Buffer`: slices of it would be views of the whole node. */
function bytesView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function damagedTree(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('TREE_DAMAGED', `A snapshot's tree is damaged: ${why}.`, {
    cause,
    hint: 'Run `rootcellar admin scrub`; other snapshots are not affected unless they share the node.',
  });
}
