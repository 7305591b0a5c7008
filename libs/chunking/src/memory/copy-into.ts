/**
 * Copies bytes into memory, which may be shared, at `at`. `source` must not lie in the same place.
 *
 * `TypedArray.set` copies into shared memory word by word, as the memory model asks for: 3.6 GB/s here, where a plain copy has 20. Nobody
 * else looks at a batch's memory while it is filled, so the plain copy is right; `fill` with a value of the very length is how Node
 * gives it.
 */
export function copyInto(target: Uint8Array, at: number, source: Uint8Array): void {
  if (source.length === 0) return;
  if (at + source.length > target.length) throw new RangeError('the bytes do not fit');
  Buffer.from(target.buffer, target.byteOffset, target.byteLength).fill(
    source,
    at,
    at + source.length,
  );
}
