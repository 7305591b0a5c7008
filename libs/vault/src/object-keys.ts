import { objectKey } from '@rootcellar/object-store';
import type { ObjectKey } from '@rootcellar/object-store';
import type { PackId } from '@rootcellar/model';

/** Below the household's prefix. The last digits of a UUIDv7 are random: they spread packs over folders. */
export function packKey(packId: PackId): ObjectKey {
  return objectKey(`packs/${packId.slice(-2)}/${packId}`);
}

const PACK_KEY = /^packs\/[0-9a-f]{2}\/([0-9a-f-]{36})$/;

/** @returns undefined for a key that {@link packKey} does not give */
export function packIdOf(key: string): PackId | undefined {
  const packId = PACK_KEY.exec(key)?.[1] as PackId | undefined;
  return packId !== undefined && packKey(packId) === key ? packId : undefined;
}

export const WRAPPED_KEY_KEY: ObjectKey = objectKey('key');
