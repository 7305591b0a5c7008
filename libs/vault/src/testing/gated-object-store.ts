import { createMemoryObjectStore, faultyObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';

/** A store in memory whose puts wait until they are let through. */
export interface GatedStore {
  readonly objects: DeletableObjectStore;
  /** Resolves when a put waits at the gate. */
  readonly arrived: Promise<void>;
  /** Lets everything through from now on. */
  open(): void;
}

export function gatedObjectStore(): GatedStore {
  const arrival = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const objects = faultyObjectStore(
    createMemoryObjectStore(),
    ({ operation }) => (operation === 'put' ? { delayMs: 1 } : undefined),
    async () => {
      arrival.resolve(undefined);
      await gate.promise;
    },
  );
  return {
    objects,
    arrived: arrival.promise.then(() => undefined),
    open: () => gate.resolve(undefined),
  };
}
