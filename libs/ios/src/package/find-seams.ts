import { BlockReader, readZipDirectory } from '@rootcellar/zip';
import type { RandomAccessReader, ZipEntry } from '@rootcellar/zip';

/** What the store makes for each buyer anew, and what tools add to it; the rest of a version is the same for everybody. */
const OF_ONE_BUYER = /^iTunesMetadata\.plist$|^iTunesArtwork|^META-INF\/|\/SC_Info\//;
/** Several binaries have rights of their own; more places than that cost more than they save. */
const MAX_SEAMS = 64;
const LOCAL_HEADER_BYTES = 30;

/**
 * Where an .ipa is best cut so that copies of one version of several people share all but their own parts: before and behind
 * entries that are of one buyer, and before the directory, which says where everything lies. Positions in bytes, ascending.
 *
 * @throws ArchiveError PACKAGE_NOT_ZIP, PACKAGE_ENTRIES_UNSAFE, PACKAGE_ENCRYPTED, PACKAGE_TOO_LARGE; and whatever the reader throws
 */
export async function findSeams(
  reader: RandomAccessReader,
  { size }: { readonly size: number },
): Promise<readonly number[]> {
  const blocks = new BlockReader(reader, size);
  const entries = [...(await readZipDirectory(blocks))].sort(([, a], [, b]) => a.offset - b.offset);
  const seams: number[] = [];
  let before = false;
  for (const [name, { offset }] of entries) {
    const own = OF_ONE_BUYER.test(name);
    if (own !== before) seams.push(offset);
    before = own;
  }
  const last = entries.at(-1)?.[1];
  const end = last === undefined ? 0 : await endOf(blocks, last);
  const wanted = [...seams.slice(0, MAX_SEAMS - 1), end];
  return [...new Set(wanted)].filter((at) => at > 0 && at < size).sort((a, b) => a - b);
}

/** Behind the bytes of an entry, as its local header has them: extra fields there may be others than in the directory. */
async function endOf(blocks: BlockReader, { offset, compressedBytes }: ZipEntry): Promise<number> {
  const header = await blocks.read(offset, LOCAL_HEADER_BYTES);
  return (
    offset +
    LOCAL_HEADER_BYTES +
    header.readUInt16LE(26) +
    header.readUInt16LE(28) +
    compressedBytes
  );
}
