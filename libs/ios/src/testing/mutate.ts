import fc from 'fast-check';

export interface Mutation {
  /** 0 … 1 of the length. */
  readonly at: number;
  readonly byte: number;
}

/** Up to eight bytes changed, anywhere. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    byte: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 8 },
);

export function mutate(bytes: Uint8Array, changes: readonly Mutation[]): Buffer {
  const changed = Buffer.from(bytes);
  for (const { at, byte } of changed.length === 0 ? [] : changes)
    changed[Math.floor(at * changed.length)] = byte;
  return changed;
}
