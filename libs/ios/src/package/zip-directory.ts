export { readZipDirectory } from '@rootcellar/zip';
export type { ZipDirectory, ZipEntry } from '@rootcellar/zip';
