export { BlockReader } from '@rootcellar/zip';
