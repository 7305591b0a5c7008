/** A UID of NSKeyedArchiver: the position of another object in the archive's `$objects`. */
export class PlistUid {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A dictionary. A `Map`, so that a key such as `__proto__` is only a key. */
export type PlistDict = ReadonlyMap<string, PlistValue>;

/**
 * What a property list can hold. Whole numbers are `number` where that is exact and `bigint` beyond; sets are
 * arrays; data are views of the bytes parsed; `null` is the null object and every date JavaScript cannot represent.
 */
export type PlistValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | PlistUid
  | readonly PlistValue[]
  | PlistDict;
