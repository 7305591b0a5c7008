import { crc32, deflateRawSync } from 'node:zlib';

/** One entry; everything but its name and content is for packages that lie. */
export interface ZipSource {
  readonly name: string | Buffer;
  readonly content?: Uint8Array | string;
  /** Not compressed. */
  readonly stored?: boolean;
  /** Sizes and CRC-32 after the data instead of before, as tools that write into a pipe do. */
  readonly dataDescriptor?: boolean;
  /** Marked as protected with a password. */
  readonly encrypted?: boolean;
  /** Sizes and offset in the zip64 extra field. */
  readonly zip64?: boolean;
  /** The size the entry claims to have. */
  readonly claimedBytes?: number;
  readonly claimedCrc32?: number;
  readonly method?: number;
}

export interface ZipOptions {
  /** End with zip64's records, whatever the size. */
  readonly zip64?: boolean;
  /** The number of entries the end claims. */
  readonly claimedEntries?: number;
  readonly comment?: string;
}

interface PackedEntry {
  readonly source: ZipSource;
  readonly name: Buffer;
  readonly body: Buffer;
  readonly bytes: number;
  readonly crc: number;
  readonly method: number;
  readonly flags: number;
  readonly offset: number;
}

const UTF8_NAME = 0x800;
const DATA_DESCRIPTOR = 0x8;
const ENCRYPTED = 0x1;
/** What PKWARE's old encryption puts before the data: 12 bytes. */
const ENCRYPTION_HEADER = Buffer.alloc(12);
const MAX_32 = 0xffffffff;
/** 2024-06-01 12:00:00 in MS-DOS form. */
const DOS_TIME = 12 << 11;
const DOS_DATE = ((2024 - 1980) << 9) | (6 << 5) | 1;

/** Writes a zip in memory (PKWARE APPNOTE 6.3). Names are written as they are, also twice. */
export function writeZip(sources: readonly ZipSource[], options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const entries: PackedEntry[] = [];
  let offset = 0;
  for (const source of sources) {
    const entry = pack(source, offset);
    const local = [localHeader(entry), entry.body, descriptor(entry)];
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
    entries.push(entry);
  }
  const directory = Buffer.concat(entries.map(directoryEntry));
  return Buffer.concat([...parts, directory, end(directory.length, offset, { entries, options })]);
}

function pack(source: ZipSource, offset: number): PackedEntry {
  const content = Buffer.from(source.content ?? '');
  const stored = source.stored === true || content.length === 0;
  const body = stored ? content : deflateRawSync(content, { level: 9 });
  const isText = typeof source.name === 'string';
  return {
    source,
    name: Buffer.from(source.name as string),
    body: source.encrypted === true ? Buffer.concat([ENCRYPTION_HEADER, body]) : body,
    bytes: source.claimedBytes ?? content.length,
    crc: source.claimedCrc32 ?? crc32(content),
    method: source.method ?? (stored ? 0 : 8),
    flags:
      (isText ? UTF8_NAME : 0) |
      (source.dataDescriptor === true ? DATA_DESCRIPTOR : 0) |
      (source.encrypted === true ? ENCRYPTED : 0),
    offset,
  };
}

function localHeader(entry: PackedEntry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, entry, entry.source.dataDescriptor !== true);
  header.writeUInt16LE(entry.name.length, 26);
  return Buffer.concat([header, entry.name]);
}

function descriptor({ source, crc, body, bytes }: PackedEntry): Buffer {
  if (source.dataDescriptor !== true) return Buffer.alloc(0);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc, 4);
  record.writeUInt32LE(body.length, 8);
  record.writeUInt32LE(bytes, 12);
  return record;
}

function directoryEntry(entry: PackedEntry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((3 << 8) | 45, 4);
  writeCommon(header, 6, entry, true);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt32LE(0o100644 * 0x10000, 38);
  header.writeUInt32LE(entry.offset, 42);
  if (entry.source.zip64 !== true) return Buffer.concat([header, entry.name]);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(entry.bytes), 4);
  extra.writeBigUInt64LE(BigInt(entry.body.length), 12);
  extra.writeBigUInt64LE(BigInt(entry.offset), 20);
  header.writeUInt32LE(MAX_32, 20);
  header.writeUInt32LE(MAX_32, 24);
  header.writeUInt32LE(MAX_32, 42);
  header.writeUInt16LE(extra.length, 30);
  return Buffer.concat([header, entry.name, extra]);
}

/** What local header and directory have in common, from "version needed" to the uncompressed size. */
function writeCommon(header: Buffer, at: number, entry: PackedEntry, withSizes: boolean): void {
  header.writeUInt16LE(45, at);
  header.writeUInt16LE(entry.flags, at + 2);
  header.writeUInt16LE(entry.method, at + 4);
  header.writeUInt16LE(DOS_TIME, at + 6);
  header.writeUInt16LE(DOS_DATE, at + 8);
  if (!withSizes) return;
  header.writeUInt32LE(entry.crc, at + 10);
  header.writeUInt32LE(entry.body.length, at + 14);
  header.writeUInt32LE(Math.min(entry.bytes, MAX_32), at + 18);
}

interface Ending {
  readonly entries: readonly PackedEntry[];
  readonly options: ZipOptions;
}

function end(directoryBytes: number, offset: number, { entries, options }: Ending): Buffer {
  const count = options.claimedEntries ?? entries.length;
  const comment = Buffer.from(options.comment ?? '');
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(options.zip64 === true ? 0xffff : Math.min(count, 0xffff), 8);
  record.writeUInt16LE(options.zip64 === true ? 0xffff : Math.min(count, 0xffff), 10);
  record.writeUInt32LE(options.zip64 === true ? MAX_32 : directoryBytes, 12);
  record.writeUInt32LE(options.zip64 === true ? MAX_32 : offset, 16);
  record.writeUInt16LE(comment.length, 20);
  if (options.zip64 !== true) return Buffer.concat([record, comment]);
  const wide = Buffer.alloc(56);
  wide.writeUInt32LE(0x06064b50, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt16LE(45, 12);
  wide.writeUInt16LE(45, 14);
  wide.writeBigUInt64LE(BigInt(count), 24);
  wide.writeBigUInt64LE(BigInt(count), 32);
  wide.writeBigUInt64LE(BigInt(directoryBytes), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + directoryBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([wide, locator, record, comment]);
}
