export { writeZip } from './write-zip.js';
export type { ZipOptions, ZipSource } from './write-zip.js';
