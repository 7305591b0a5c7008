/** What the head of an executable tells. */
export interface MachOFacts {
  /** `arm64`, `armv7`, …, in the order of the file. Empty when it is no Mach-O. */
  readonly architectures: readonly string[];
  /** Whether FairPlay encrypts it; `undefined` when the head does not reach so far. */
  readonly fairPlayEncrypted: boolean | undefined;
}

/** mach-o/fat.h: big-endian. */
const FAT_MAGIC = 0xcafebabe;
const FAT_MAGIC_64 = 0xcafebabf;
/** mach-o/loader.h: little-endian on every iOS device. */
const MACH_MAGIC = 0xfeedface;
const MACH_MAGIC_64 = 0xfeedfacf;
const LC_ENCRYPTION_INFO = 0x21;
const LC_ENCRYPTION_INFO_64 = 0x2c;
/** A Java class begins like a fat file, with its version where the number of slices would be: 45 and more. */
const MAX_SLICES = 32;
const MAX_COMMANDS = 10_000;

/** mach/machine.h: cpu type, then subtype without its feature bits; `*` stands for the rest. */
const CPU_NAMES: ReadonlyMap<string, string> = new Map([
  ['7:*', 'i386'],
  ['16777223:*', 'x86_64'],
  ['12:6', 'armv6'],
  ['12:9', 'armv7'],
  ['12:11', 'armv7s'],
  ['12:*', 'arm'],
  ['16777228:2', 'arm64e'],
  ['16777228:*', 'arm64'],
  ['33554444:*', 'arm64_32'],
]);

interface Slice {
  readonly architecture: string;
  readonly offset: number;
}

/** Reads the Mach-O headers that lie in `head`, the first bytes of an executable. Never throws. */
export function readMachO(head: Uint8Array): MachOFacts {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const slices = slicesOf(bytes);
  const verdicts = slices.map(({ offset }) => isEncrypted(bytes, offset));
  return {
    architectures: [...new Set(slices.map(({ architecture }) => architecture))],
    fairPlayEncrypted: verdicts.includes(true)
      ? true
      : verdicts.find((known) => known !== undefined),
  };
}

function slicesOf(bytes: Buffer): Slice[] {
  if (bytes.length < 12) return [];
  const magic = bytes.readUInt32BE(0);
  if (magic === FAT_MAGIC || magic === FAT_MAGIC_64) return fatSlices(bytes, magic);
  if (machMagic(bytes, 0) === undefined) return [];
  return [{ architecture: cpuName(bytes.readUInt32LE(4), bytes.readUInt32LE(8)), offset: 0 }];
}

function fatSlices(bytes: Buffer, magic: number): Slice[] {
  const count = bytes.readUInt32BE(4);
  const width = magic === FAT_MAGIC ? 20 : 32;
  if (count > MAX_SLICES || 8 + count * width > bytes.length) return [];
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * width;
    const offset =
      magic === FAT_MAGIC ? bytes.readUInt32BE(at + 8) : Number(bytes.readBigUInt64BE(at + 8));
    return { architecture: cpuName(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)), offset };
  });
}

function cpuName(type: number, subtype: number): string {
  const plain = subtype & 0xffffff;
  return CPU_NAMES.get(`${type}:${plain}`) ?? CPU_NAMES.get(`${type}:*`) ?? `cpu-${type}`;
}

function machMagic(bytes: Buffer, offset: number): number | undefined {
  if (offset + 32 > bytes.length) return undefined;
  const magic = bytes.readUInt32LE(offset);
  return magic === MACH_MAGIC || magic === MACH_MAGIC_64 ? magic : undefined;
}

function isEncrypted(bytes: Buffer, offset: number): boolean | undefined {
  const magic = machMagic(bytes, offset);
  if (magic === undefined) return undefined;
  const commands = Math.min(bytes.readUInt32LE(offset + 16), MAX_COMMANDS);
  let at = offset + (magic === MACH_MAGIC_64 ? 32 : 28);
  for (let index = 0; index < commands; index += 1) {
    if (at + 8 > bytes.length) return undefined;
    const command = bytes.readUInt32LE(at);
    const length = bytes.readUInt32LE(at + 4);
    if (command === LC_ENCRYPTION_INFO || command === LC_ENCRYPTION_INFO_64)
      return at + 20 > bytes.length ? undefined : bytes.readUInt32LE(at + 16) !== 0;
    if (length < 8) return undefined;
    at += length;
  }
  return false;
}
