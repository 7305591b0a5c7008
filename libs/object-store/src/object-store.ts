import type { ObjectKey } from './object-key.js';

/** A run of bytes inside of an object. */
export interface ByteRange {
  /** Bytes from the beginning of the object. */
  readonly offset: number;
  /** Bytes; 0 is allowed. */
  readonly length: number;
}

/** What a store knows of an object without reading it. */
export interface ObjectFacts {
  /** Bytes. */
  readonly size: number;
  /** By the store's own clock: when the object was put, the last time if several. */
  readonly modifiedAt: Date;
}

export interface ListedObject extends ObjectFacts {
  readonly key: ObjectKey;
}

/**
 * Keeps immutable objects by key. An implementation guarantees:
 *
 * - **Read after write.** What `put` has resolved for is there for every later `read`, `stat` and `list`, also after a power cut.
 * - **Whole or not at all.** Nobody sees part of an object, at no time, whatever crashes.
 * - **Immutable.** A key stands for the same bytes for ever; who writes other bytes under it has a bug, and what is read then is
 *   one of the two, whole.
 * - **Bytes to keep.** What `read` gives is the caller's: nothing else refers to its memory, and its `ArrayBuffer` holds these
 *   bytes only, so that it can be transferred to a worker thread.
 *
 * Calls may run side by side, in any number; the caller bounds them. An aborted signal makes a call reject with the signal's reason
 * as soon as it can, leaving what an error leaves. `@rootcellar/object-store/testing` checks all of it: an adapter is done when
 * it passes.
 *
 * Every call may throw OBJECT_STORE_REFUSED: the store is there, but settings or rights are wrong. It leaves what
 * OBJECT_STORE_UNAVAILABLE leaves; only an operator can mend it.
 */
export interface ObjectStore {
  /**
   * Resolves once the object is durable. Putting the same bytes under the same key again is harmless.
   * @param parts the object's bytes, one part behind the other; not to be changed before the promise has settled
   * @throws ArchiveError STORAGE_FULL: nothing is visible. OBJECT_STORE_UNAVAILABLE: the object may be visible, whole, or not; put
   * it again or `remove` it. OBJECT_EXISTS, where the store can tell: the key has other bytes, which stay.
   */
  put(key: ObjectKey, parts: readonly Uint8Array[], signal?: AbortSignal): Promise<void>;

  /**
   * Exactly the bytes asked for. Allocates no more than the object has.
   * @throws ArchiveError OBJECT_NOT_FOUND, OBJECT_RANGE_INVALID when the object is shorter than the range,
   * OBJECT_STORE_UNAVAILABLE
   */
  read(key: ObjectKey, range: ByteRange, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;

  /**
   * As `read`, into memory that is there: `target.length` bytes from `offset` of the object. When it throws, the memory may hold
   * anything. For readers that move gigabytes and use their memory again.
   */
  readInto(key: ObjectKey, offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;

  /** Undefined when there is no such object. @throws ArchiveError OBJECT_STORE_UNAVAILABLE */
  stat(key: ObjectKey): Promise<ObjectFacts | undefined>;

  /**
   * Every object whose key begins with the prefix, `''` for all, in ascending order of the keys' bytes, as a stream. Objects
   * that come or go while it runs may be in it or not; all others are in it once. Things the store did not put are not.
   * @param prefix may end inside of a part
   * @throws ArchiveError INPUT_INVALID when no key can begin so, OBJECT_STORE_UNAVAILABLE
   */
  list(prefix: string): AsyncIterable<ListedObject>;
}

/** The right to delete is a type of its own: only what collects garbage is given one. */
export interface DeletableObjectStore extends ObjectStore {
  /**
   * Resolves once the objects are gone; keys without an object are fine. Readers in the middle of an object get it whole or
   * OBJECT_NOT_FOUND.
   * @throws ArchiveError OBJECT_STORE_UNAVAILABLE: any of them may be gone already. OBJECT_LOCKED: the store keeps at least one
   * of them for a time, which stays as it was; any of the others may be gone.
   */
  remove(keys: readonly ObjectKey[]): Promise<void>;
}
