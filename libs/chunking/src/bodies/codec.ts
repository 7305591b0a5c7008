/** How the body of a chunk stands for its plain bytes (docs/format.md, Chunks). */
export const CODEC = { plain: 0, zstd: 1 } as const;
export type Codec = (typeof CODEC)[keyof typeof CODEC];

/** True for a codec this release knows. */
export function isCodec(value: number): value is Codec {
  return value === CODEC.plain || value === CODEC.zstd;
}
