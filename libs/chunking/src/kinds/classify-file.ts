import { createCompress } from '../bodies/zstd.js';
import type { ChunkSizes } from '../cutting/chunk-sizes.js';

/** How a file is cut and whether compressing it is tried. */
export type FileKind = 'single' | 'incompressible' | 'other';

const KIB = 1024;
/** Up to this many bytes a file is one chunk: smaller ones would cost more to name than they save. */
export const SINGLE_CHUNK_BYTES = 128 * KIB;

/** Measured for this project (docs/format.md, "Where files are cut"). */
export const CHUNK_SIZES: Readonly<Record<FileKind, ChunkSizes>> = {
  single: { least: SINGLE_CHUNK_BYTES, target: SINGLE_CHUNK_BYTES, most: SINGLE_CHUNK_BYTES },
  incompressible: { least: 256 * KIB, target: 1024 * KIB, most: 4096 * KIB },
  other: { least: 16 * KIB, target: 64 * KIB, most: 256 * KIB },
};

const SAMPLES = 4;
const SAMPLE_BYTES = 4 * KIB;
const INCOMPRESSIBLE_FROM = 0.98;

const compressFast = createCompress(1);

/**
 * Where to read the probe of a file: four samples of 4 KiB, each in the middle of a quarter, because beginnings and ends of media
 * files hold compressible headers. None for a file that is one chunk anyway.
 */
export function probeRanges(size: number): { readonly offset: number; readonly length: number }[] {
  if (size <= SINGLE_CHUNK_BYTES) return [];
  return Array.from({ length: SAMPLES }, (_, sample) => {
    const middle = (size / SAMPLES) * (sample + 0.5);
    return { offset: Math.floor(middle / SAMPLE_BYTES) * SAMPLE_BYTES, length: SAMPLE_BYTES };
  });
}

/** @param file.probe the bytes of {@link probeRanges}, one sample behind the other; not looked at for small files */
export function classifyFile(file: {
  readonly size: number;
  readonly probe: Uint8Array;
}): FileKind {
  const { size, probe } = file;
  if (size <= SINGLE_CHUNK_BYTES) return 'single';
  const packed = compressFast(probe);
  return packed.length > probe.length * INCOMPRESSIBLE_FROM ? 'incompressible' : 'other';
}
