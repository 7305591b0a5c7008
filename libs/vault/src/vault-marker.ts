import { randomUUID } from 'node:crypto';
import { ArchiveError } from '@rootcellar/model';
import { objectKey } from '@rootcellar/object-store';
import type { ObjectStore } from '@rootcellar/object-store';

const MARKER = objectKey('vault');
const MARKER_MAX_BYTES = 4096;
const FORMAT = 1;

/** Says what a bucket holds before anything is put into it: `{"format": 1, "id": "…"}`. docs/format.md, Objects. */
export async function openVaultMarker(objects: ObjectStore): Promise<{ readonly id: string }> {
  const there = await objects.stat(MARKER);
  if (there === undefined) {
    const id = randomUUID();
    await objects.put(MARKER, [Buffer.from(JSON.stringify({ format: FORMAT, id }))]);
    return { id };
  }
  const length = Math.min(there.size, MARKER_MAX_BYTES);
  const bytes = await objects.read(MARKER, { offset: 0, length });
  const marker = parse(Buffer.from(bytes).toString('utf8'));
  if (marker?.format !== FORMAT || typeof marker.id !== 'string') {
    throw new ArchiveError(
      'FORMAT_UNKNOWN',
      'The object store holds a vault of a format this release does not know; nothing was changed.',
      {
        hint: 'Use the release that wrote it, or a newer one.',
      },
    );
  }
  return { id: marker.id };
}

function parse(text: string): { readonly format?: unknown; readonly id?: unknown } | undefined {
  try {
    return JSON.parse(text) as { format?: unknown; id?: unknown };
  } catch {
    return undefined;
  }
}
