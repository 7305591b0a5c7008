/** One border in so many paths, on average. */
const BORDER_MASK = 63;
/** No node has more references. */
export const NODE_MAX_REFS = 256;

/**
 * True when a node ends behind this path. It depends on the path alone: what is added or removed elsewhere moves no border.
 * FNV-1a (32 bit) over the UTF-8 bytes, finished with MurmurHash3's fmix32; `level` seeds it. docs/format.md, Borders.
 */
export function isBorder(path: string, level: number): boolean {
  let hash = 2166136261 ^ level;
  for (const byte of Buffer.from(path)) hash = Math.imul(hash ^ byte, 16777619);
  return (fmix32(hash) & BORDER_MASK) === 0;
}

function fmix32(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
