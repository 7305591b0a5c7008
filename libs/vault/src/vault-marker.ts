import { randomUUID } from 'node:crypto';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import { objectKey } from '@rootcellar/object-store';
import type { ObjectFacts, ObjectStore } from '@rootcellar/object-store';

const MARKER = objectKey('vault');
const MARKER_MAX_BYTES = 4096;
const FORMAT = 1;

/** Says what a bucket holds before anything is put into it: `{"format": 1, "id": "…"}`. docs/format.md, Objects. */
export async function openVaultMarker(objects: ObjectStore): Promise<{ readonly id: string }> {
  const there = (await objects.stat(MARKER)) ?? (await writeMarker(objects));
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

async function writeMarker(objects: ObjectStore): Promise<ObjectFacts> {
  const marker = Buffer.from(JSON.stringify({ format: FORMAT, id: randomUUID() }));
  try {
    await objects.put(MARKER, [marker]);
  } catch (error) {
    // Another process that starts at the same time was quicker: its marker is the one to read.
    if (!isArchiveError(error, 'OBJECT_EXISTS')) throw error;
  }
  const written = await objects.stat(MARKER);
  if (written !== undefined) return written;
  throw new ArchiveError(
    'OBJECT_STORE_UNAVAILABLE',
    'The object store lost what it had just taken.',
  );
}

function parse(text: string): { readonly format?: unknown; readonly id?: unknown } | undefined {
  try {
    return JSON.parse(text) as { format?: unknown; id?: unknown };
  } catch {
    return undefined;
  }
}
