export { BlockReader } from './block-reader.js';
export { readerOfBytes, readerOfFile } from './random-access-reader.js';
export type { RandomAccessReader } from './random-access-reader.js';
export { dataOffset, readZipEntry, readZipEntryHead } from './read-zip-entry.js';
export { entriesUnsafe, notZip, packageTooLarge } from './zip-errors.js';
export { centralDirectoryOffset } from './zip-end.js';
export { readZipDirectory } from './zip-directory.js';
export type { ZipDirectory, ZipEntry } from './zip-directory.js';
