/** What is wrong with the buyer's rights in a package: they are of another app, or are none. */
export type SinfProblem = 'other-app' | 'unreadable';

/** Real ones have 1 to 2 KiB. */
export const SINF_MAX_BYTES = 64 * 1024;
/** Within `righ`: four letters, then a number of four bytes. */
const PAIR_BYTES = 8;
const HEAD_BYTES = 8;

/**
 * Looks whether a `.sinf` is FairPlay's rights for this app: boxes as in MPEG-4, of which `sinf` › `schi` › `righ` names the app by the
 * App Store's number (`song`). Whose rights they are is encrypted or a hash, and not judged.
 *
 * @param itemId the store's number of the app, where it is known
 */
export function sinfProblemIn(
  sinf: Uint8Array,
  itemId: string | undefined,
): SinfProblem | undefined {
  const bytes = Buffer.from(sinf.buffer, sinf.byteOffset, sinf.length);
  const whole = boxIn(bytes, 'sinf');
  if (whole === undefined) return 'unreadable';
  const app = appIn(boxIn(boxIn(whole, 'schi') ?? Buffer.of(), 'righ'));
  return app === undefined || itemId === undefined || app === itemId ? undefined : 'other-app';
}

/** The content of the first box of this name; undefined when there is none, or one before it has no possible length. */
function boxIn(bytes: Buffer, name: string): Buffer | undefined {
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length < HEAD_BYTES || at + length > bytes.length) return undefined;
    if (bytes.toString('latin1', at + 4, at + HEAD_BYTES) === name)
      return bytes.subarray(at + HEAD_BYTES, at + length);
    at += length;
  }
  return undefined;
}

function appIn(rights: Buffer | undefined): string | undefined {
  if (rights === undefined) return undefined;
  for (let at = 0; at + PAIR_BYTES <= rights.length; at += PAIR_BYTES) {
    if (rights.toString('latin1', at, at + 4) === 'song')
      return String(rights.readUInt32BE(at + 4));
  }
  return undefined;
}
