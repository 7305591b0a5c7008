export { writeZip } from '@rootcellar/zip/testing';
export type { ZipOptions, ZipSource } from '@rootcellar/zip/testing';
