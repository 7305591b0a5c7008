/** Weights of ordinals that follow one another. */
export interface WeightRun {
  readonly first: number;
  readonly weights: Uint32Array;
}

/** A row of `chunk_weights` as PostgreSQL has it: the first ordinal as i64, weights as u32, big-endian. */
export type WeightRow = readonly [first: Buffer, weights: Buffer];

/** Rows that follow one another are one run: a household may have a hundred thousand, each of a few hundred chunks. */
export function joinWeights(rows: readonly WeightRow[]): WeightRun[] {
  const all = new Uint32Array(rows.reduce((sum, [, weights]) => sum + weights.length / 4, 0));
  const runs: { first: number; from: number; to: number }[] = [];
  let to = 0;
  for (const [head, weights] of rows) {
    const first = Number(head.readBigInt64BE());
    const run = runs.at(-1);
    const from = to;
    for (let at = 0; at < weights.length; at += 4) all[to++] = weights.readUInt32BE(at);
    if (run !== undefined && run.first + (run.to - run.from) === first) run.to = to;
    else runs.push({ first, from, to });
  }
  return runs.map(({ first, from, to: end }) => ({ first, weights: all.subarray(from, end) }));
}
