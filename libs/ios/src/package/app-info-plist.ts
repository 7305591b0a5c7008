import { findApp } from './app-layout.js';
import { BlockReader, notZip, readZipDirectory, readZipEntry } from '@rootcellar/zip';
import { INFO_PLIST_MAX_BYTES } from './info-plist-facts.js';
import type { RandomAccessReader } from '@rootcellar/zip';

/**
 * The app's own Info.plist, as it lies in its package: `Payload/<name>.app/Info.plist`.
 * @throws ArchiveError as `inspectPackage`
 */
export async function readAppInfoPlist(
  reader: RandomAccessReader,
  { size }: { readonly size: number },
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const blocks = new BlockReader(reader, size);
  const directory = await readZipDirectory(blocks);
  const name = `${findApp(directory).root}/Info.plist`;
  const entry = directory.get(name);
  if (entry === undefined) throw notZip('lost an entry while it was read');
  return { name, bytes: await readZipEntry(blocks, entry, INFO_PLIST_MAX_BYTES) };
}
