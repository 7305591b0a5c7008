// FastCDC (Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data Deduplication",
// USENIX ATC 2016; extended in IEEE TPDS 31(9), 2020), normalised at level 2. AssemblyScript; `build-wasm.mjs` compiles it.
//
// Memory: [0, 2048) the gear table, 256 × u64, written by the host; behind it the bytes to cut.

/** Bits the mask gains before the target size and loses behind it. */
const NORMALISATION: u32 = 2;

function gear(at: usize): u64 {
  return load<u64>((<usize>load<u8>(at)) << 3);
}

/**
 * Length of the chunk that starts at `start`, of which `available` bytes are in memory. 0: more bytes could still move
 * its end. The masks are the highest bits of the hash, so that all of the last 64 bytes have a say, and "no bit of
 * the mask is set" is a comparison.
 */
export function cut(
  start: usize,
  available: usize,
  least: usize,
  target: usize,
  most: usize,
): usize {
  if (available <= least && available < most) return 0;
  const end = start + min(available, most);
  const middle = min(start + target, end);
  const bits = 31 - clz(<u32>target);
  let hash: u64 = 0;
  let at = start + least;
  let stop = middle;
  let limit: u64 = (<u64>1) << (64 - bits - NORMALISATION);
  for (let half = 0; half < 2; half++) {
    while (at + 8 <= stop) {
      hash = (hash << 1) + gear(at);
      if (hash < limit) return at + 1 - start;
      hash = (hash << 1) + gear(at + 1);
      if (hash < limit) return at + 2 - start;
      hash = (hash << 1) + gear(at + 2);
      if (hash < limit) return at + 3 - start;
      hash = (hash << 1) + gear(at + 3);
      if (hash < limit) return at + 4 - start;
      hash = (hash << 1) + gear(at + 4);
      if (hash < limit) return at + 5 - start;
      hash = (hash << 1) + gear(at + 5);
      if (hash < limit) return at + 6 - start;
      hash = (hash << 1) + gear(at + 6);
      if (hash < limit) return at + 7 - start;
      hash = (hash << 1) + gear(at + 7);
      if (hash < limit) return at + 8 - start;
      at += 8;
    }
    for (; at < stop; at++) {
      hash = (hash << 1) + gear(at);
      if (hash < limit) return at + 1 - start;
    }
    stop = end;
    limit = (<u64>1) << (64 - bits + NORMALISATION);
  }
  return available >= most ? most : 0;
}
