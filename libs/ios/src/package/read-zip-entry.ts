export { dataOffset, readZipEntry, readZipEntryHead } from '@rootcellar/zip';
