/** Most plain bytes of one chunk (docs/format.md, Chunks). */
export const CHUNK_MAX_BYTES = 4 * 1024 * 1024;
