import { objectKey } from '@rootcellar/object-store';
import type { ObjectKey } from '@rootcellar/object-store';
import type { PackId } from '@rootcellar/model';

/** Below the household's prefix. The last digits of a UUIDv7 are random: they spread packs over folders. */
export function packKey(packId: PackId): ObjectKey {
  return objectKey(`packs/${packId.slice(-2)}/${packId}`);
}

export const WRAPPED_KEY_KEY: ObjectKey = objectKey('key');
