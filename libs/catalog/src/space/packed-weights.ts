/** Weights of ordinals that follow one another. */
export interface WeightRun {
  readonly first: number;
  readonly weights: Uint32Array;
}

/** Rows of `chunk_weights` in one answer: one row is a pack, of a few hundred chunks. */
export const WEIGHT_ROWS_A_PAGE = 16_384;

/**
 * A page of a household's weights, from an ordinal on, as one value: a household may have a hundred thousand rows. Each is
 * first i64 ‖ bytes u32 ‖ weights, big-endian. Base64, which takes two thirds of what PostgreSQL writes `bytea` in.
 */
export const WEIGHT_PAGE = `
  select encode(string_agg(int8send(first) || int4send(octet_length(weights)) || weights, ''), 'base64') as packed,
    count(*)::integer as count
  from (
    select first, weights from chunk_weights
    where household_id = $1
      and first >= coalesce((select max(first) from chunk_weights where household_id = $1 and first <= $2), 0)
    order by first limit $3) as page`;

const HEAD_BYTES = 12;

/** Rows that follow one another are one run. */
export function decodeWeights(packed: Buffer): WeightRun[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const weights = new Uint32Array(packed.length / 4);
  const runs: { first: number; from: number; to: number }[] = [];
  let to = 0;
  for (let at = 0; at < packed.length;) {
    const first = Number(view.getBigInt64(at));
    const end = at + HEAD_BYTES + view.getUint32(at + 8);
    const run = runs.at(-1);
    const from = to;
    for (at += HEAD_BYTES; at < end; at += 4) weights[to++] = view.getUint32(at);
    if (run !== undefined && run.first + (run.to - run.from) === first) run.to = to;
    else runs.push({ first, from, to });
  }
  return runs.map(({ first, from, to }) => ({ first, weights: weights.subarray(from, to) }));
}
