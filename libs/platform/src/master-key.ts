import { ArchiveError } from '@rootcellar/model';

const KEY_BYTES = 32;
const FORM = /^[0-9a-f]{64}\r?\n?$/i;

/**
 * The 32 bytes of a master key file: 64 hex digits and a newline (docs/format.md, Keys).
 * @throws ArchiveError CONFIG_INVALID
 */
export function parseMasterKey(text: string | null, path: string): Uint8Array {
  if (text !== null && FORM.test(text)) return Buffer.from(text.slice(0, KEY_BYTES * 2), 'hex');
  throw new ArchiveError(
    'CONFIG_INVALID',
    `${path} is no master key: it must hold 64 hex digits and nothing else. It was not changed, and nothing was started.`,
    {
      details: { path },
      hint: 'Put your copy of the master key back. Without the right key nothing in the archive can be read.',
    },
  );
}
