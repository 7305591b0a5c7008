import { closeSync, openSync, writeSync } from 'node:fs';

/** One member of an archive, packed already. */
export interface ZipMember {
  readonly name: string;
  readonly method: typeof STORED | typeof DEFLATED;
  readonly packed: Buffer;
  readonly crc32: number;
  /** Bytes unpacked. */
  readonly size: number;
  readonly modified: ZipTime;
}

/** UTC; a zip knows even seconds from 1980 on. */
export interface ZipTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export interface ZipStyle {
  /** Sizes follow the data, as tools write that cannot seek, and times are kept as Unix seconds too. */
  readonly streamed: boolean;
}

export const STORED = 0;
export const DEFLATED = 8;

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION;
const SIZES_FOLLOW = 1 << 3;
const MODE_FILE = 0o100_644;

/** Writes a zip of less than 4 GiB (APPNOTE 6.3) in the order given. Returns its size in bytes. */
export function writeZip(path: string, members: readonly ZipMember[], style: ZipStyle): number {
  const file = openSync(path, 'w');
  let position = 0;
  const write = (bytes: Buffer): void => {
    position += writeSync(file, bytes);
  };

  const directory = members.map((member) => {
    const offset = position;
    write(localHeader(member, style));
    write(member.packed);
    if (style.streamed) write(descriptor(member));
    return centralHeader(member, style, offset);
  });
  const start = position;
  for (const header of directory) write(header);
  write(endRecord(members.length, start, position));
  closeSync(file);
  return position;
}

function localHeader(member: ZipMember, style: ZipStyle): Buffer {
  const sizes = style.streamed ? { crc32: 0, size: 0, packed: { length: 0 } } : member;
  return Buffer.concat([
    uint32(LOCAL_HEADER),
    uint16(VERSION, style.streamed ? SIZES_FOLLOW : 0, member.method, ...dosTime(member.modified)),
    uint32(sizes.crc32, sizes.packed.length, sizes.size),
    uint16(Buffer.byteLength(member.name), extraOf(member, style).length),
    Buffer.from(member.name),
    extraOf(member, style),
  ]);
}

function descriptor({ crc32, packed, size }: ZipMember): Buffer {
  return uint32(DESCRIPTOR, crc32, packed.length, size);
}

function centralHeader(member: ZipMember, style: ZipStyle, offset: number): Buffer {
  const flags = style.streamed ? SIZES_FOLLOW : 0;
  return Buffer.concat([
    uint32(CENTRAL_HEADER),
    uint16(MADE_ON_UNIX, VERSION, flags, member.method, ...dosTime(member.modified)),
    uint32(member.crc32, member.packed.length, member.size),
    uint16(Buffer.byteLength(member.name), extraOf(member, style).length, 0, 0, 0),
    uint32((MODE_FILE << 16) >>> 0, offset),
    Buffer.from(member.name),
    extraOf(member, style),
  ]);
}

function endRecord(count: number, start: number, end: number): Buffer {
  return Buffer.concat([
    uint32(END),
    uint16(0, 0, count, count),
    uint32(end - start, start),
    uint16(0),
  ]);
}

/** The field `UT`: the time in Unix seconds. */
function extraOf({ modified }: ZipMember, { streamed }: ZipStyle): Buffer {
  if (!streamed) return Buffer.alloc(0);
  const { year, month, day, hour, minute } = modified;
  const seconds = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  return Buffer.concat([uint16(0x5455, 5), Buffer.from([1]), uint32(seconds)]);
}

function dosTime({ year, month, day, hour, minute }: ZipTime): [number, number] {
  return [(hour << 11) | (minute << 5), ((year - 1980) << 9) | (month << 5) | day];
}

function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => bytes.writeUInt16LE(value, at * 2));
  return bytes;
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32LE(value, at * 4));
  return bytes;
}
