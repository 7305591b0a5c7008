export { entriesUnsafe, notZip, packageTooLarge } from '@rootcellar/zip';
