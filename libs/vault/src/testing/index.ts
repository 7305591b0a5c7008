export { MemoryChunkIndex } from './memory-chunk-index.js';
export type { PackState } from './memory-chunk-index.js';
export { openMemoryVault } from './open-memory-vault.js';
export type { MemoryVault } from './open-memory-vault.js';
export { verifyChunkIndex } from './verify-chunk-index.js';
export type { OpenedChunkIndex } from './verify-chunk-index.js';
export { sampleChunkSets } from './sample-chunk-sets.js';
export type { SampleChunkSets, SampleHousehold } from './sample-chunk-sets.js';
