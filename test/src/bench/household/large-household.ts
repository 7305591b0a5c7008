import type { SampleHousehold } from '@rootcellar/vault/testing/samples';

/** Chunks of a snapshot, and of a package, where a household has five million. */
const CHUNKS = 5_000_000;
const CHUNKS_PER_SNAPSHOT = 400_000;
const CHUNKS_PER_VERSION = 2000;

/** Ten devices and sixty apps, as many roots as are asked for, of so many chunks together. */
export function largeHousehold(
  size: Pick<SampleHousehold, 'seed' | 'snapshots' | 'versions'> & { readonly chunks: number },
): SampleHousehold {
  const { chunks, ...roots } = size;
  const scale = chunks / CHUNKS;
  return {
    ...{ ...roots, total: chunks, devices: 10, apps: 60 },
    chunksPerSnapshot: Math.ceil(CHUNKS_PER_SNAPSHOT * scale),
    chunksPerVersion: Math.ceil(CHUNKS_PER_VERSION * scale),
  };
}
