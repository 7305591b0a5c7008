/** A reference inside a keyed archive (`CF$UID`). */
export class PlistUid {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

export type PlistValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Uint8Array
  | PlistUid
  | readonly PlistValue[]
  | PlistDictionary;

export interface PlistDictionary {
  readonly [key: string]: PlistValue;
}

export function isDictionary(value: PlistValue | undefined): value is PlistDictionary {
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof PlistUid)
  );
}

/** Apple's dates count seconds from 2001-01-01T00:00:00Z. */
export const APPLE_EPOCH_MS = 978_307_200_000;
