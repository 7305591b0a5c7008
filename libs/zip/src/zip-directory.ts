import { ArchiveError } from '@rootcellar/model';
import { isUtf8 } from 'node:buffer';
import { RandomAccessReader, fromRandomAccessReaderPromise } from 'yauzl';
import type { Entry } from 'yauzl';
import type { BlockReader } from './block-reader.js';
import { entriesUnsafe, notZip, packageTooLarge } from './zip-errors.js';

/** What the central directory says about one entry, and the little of it that is kept. */
export interface ZipEntry {
  /** 0 stored, 8 deflated; others are never read. */
  readonly method: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** Entries by name, without `./`, doubled slashes or a slash at the end. */
export type ZipDirectory = ReadonlyMap<string, ZipEntry>;

/** The largest apps have 60,000 entries. */
const MAX_ENTRIES = 200_000;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;
const MAX_NAME_BYTES = 4096;
/** Bytes of an entry in the directory besides name, extra fields and comment. */
const ENTRY_HEADER_BYTES = 46;

/**
 * Reads the central directory of a zip (PKWARE APPNOTE 6.3, zip64 included) and refuses names no app has.
 *
 * @throws ArchiveError PACKAGE_NOT_ZIP, PACKAGE_ENTRIES_UNSAFE, PACKAGE_TOO_LARGE, PACKAGE_ENCRYPTED
 */
export async function readZipDirectory(blocks: BlockReader): Promise<ZipDirectory> {
  try {
    return await collect(blocks);
  } catch (error) {
    if (error === blocks.failure || !isYauzlError(error)) throw error;
    throw notZip('is no zip archive or is cut off', error);
  }
}

async function collect(blocks: BlockReader): Promise<Map<string, ZipEntry>> {
  const zip = await fromRandomAccessReaderPromise(new YauzlReader(blocks), blocks.size, {
    autoClose: false,
    decodeStrings: false,
  });
  try {
    if (zip.entryCount > MAX_ENTRIES) throw packageTooLarge('more entries', MAX_ENTRIES);
    const entries = new Map<string, ZipEntry>();
    let directoryBytes = 0;
    for await (const entry of zip.eachEntry()) {
      directoryBytes += ENTRY_HEADER_BYTES;
      directoryBytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      if (directoryBytes > MAX_DIRECTORY_BYTES)
        throw packageTooLarge('a larger directory', MAX_DIRECTORY_BYTES);
      const name = safeName(entry.fileNameRaw);
      if (entries.has(name)) throw entriesUnsafe('is there twice');
      if (entry.isEncrypted()) throw encrypted();
      entries.set(name, kept(entry));
    }
    return entries;
  } finally {
    zip.close();
  }
}

/**
 * Many tools write UTF-8 without saying so; whatever is no UTF-8 is read as Latin-1, which keeps names apart.
 * A backslash separates folders on Windows, so a name may not climb by it either.
 */
function safeName(raw: Buffer): string {
  if (raw.length > MAX_NAME_BYTES) throw entriesUnsafe('is longer than any path');
  const name = raw.toString(isUtf8(raw) ? 'utf8' : 'latin1');
  const parts = name.split(/[/\\]/);
  if (/^[/\\]|^[A-Za-z]:[/\\]|\0/.test(name) || parts.includes('..'))
    throw entriesUnsafe('leads outside of it');
  const kept = name.split('/').filter((part) => part !== '' && part !== '.');
  return kept.join('/');
}

function kept(entry: Entry): ZipEntry {
  return {
    method: entry.compressionMethod,
    compressedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc32: entry.crc32,
    offset: entry.relativeOffsetOfLocalHeader,
  };
}

function encrypted(): ArchiveError {
  return new ArchiveError(
    'PACKAGE_ENCRYPTED',
    'The zip is protected with a password, so no device could install it. Nothing was kept of it.',
    { hint: 'Unpack it with its password and add the package that is inside.' },
  );
}

/** yauzl throws plain errors. It does not decode names here, so that its messages hold numbers alone. */
function isYauzlError(error: unknown): boolean {
  return error instanceof Error && error.name === 'Error';
}

/** The types of yauzl leave out that the callback wants to know how much was read. */
type ReadArguments = [
  target: Buffer,
  at: number,
  length: number,
  position: number,
  done: (error: Error | null, bytesRead?: number) => void,
];

/** The blocks as yauzl wants to read them. */
class YauzlReader extends RandomAccessReader {
  readonly #blocks: BlockReader;

  constructor(blocks: BlockReader) {
    super();
    this.#blocks = blocks;
  }

  override read(...[target, at, length, position, done]: ReadArguments): void {
    this.#blocks.read(position, length).then(
      (bytes) => done(null, bytes.copy(target, at)),
      (error: unknown) => done(error as Error),
    );
  }
}
