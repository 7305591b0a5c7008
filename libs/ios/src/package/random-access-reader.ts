export { readerOfBytes, readerOfFile } from '@rootcellar/zip';
export type { RandomAccessReader } from '@rootcellar/zip';
