/** Ordinals that came in one pack. */
export interface OrdinalRange {
  readonly first: number;
  readonly end: number;
  /** Sealed bytes. */
  readonly bytes: number;
}

/** Sealed bytes at which the service closes a pack. */
const PACK_BYTES = 32 * 2 ** 20;

/** The packs in which chunks of these weights came, one after the other. */
export function packsOf(weights: Uint32Array): OrdinalRange[] {
  const packs: OrdinalRange[] = [];
  let first = 0;
  let bytes = 0;
  for (const [at, weight] of weights.entries()) {
    bytes += weight;
    if (bytes < PACK_BYTES && at < weights.length - 1) continue;
    packs.push({ first, end: at + 1, bytes });
    first = at + 1;
    bytes = 0;
  }
  return packs;
}
