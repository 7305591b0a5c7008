/** mach-o/fat.h: big-endian. */
const FAT_MAGIC = 0xcafebabe;
const FAT_MAGIC_64 = 0xcafebabf;
/** mach-o/loader.h: little-endian on every iOS device. */
const MACH_MAGIC = 0xfeedface;
const MACH_MAGIC_64 = 0xfeedfacf;
/** A Java class begins like a fat file, with its version where the number of slices would be: 45 and more. */
const MAX_SLICES = 32;
const MAX_COMMANDS = 10_000;

/** One CPU's part of an executable. */
export interface MachOSlice {
  /** mach/machine.h */
  readonly cpuType: number;
  readonly cpuSubtype: number;
  readonly offset: number;
}

export interface LoadCommand {
  readonly command: number;
  /** Where it begins. */
  readonly at: number;
  /** With its head of 8 bytes. */
  readonly length: number;
}

/** The slices that the head of an executable tells of, in the order of the file. None when it is no Mach-O. */
export function slicesOf(bytes: Buffer): MachOSlice[] {
  if (bytes.length < 12) return [];
  const magic = bytes.readUInt32BE(0);
  if (magic === FAT_MAGIC || magic === FAT_MAGIC_64) return fatSlices(bytes, magic);
  if (machMagic(bytes, 0) === undefined) return [];
  return [{ cpuType: bytes.readUInt32LE(4), cpuSubtype: bytes.readUInt32LE(8), offset: 0 }];
}

function fatSlices(bytes: Buffer, magic: number): MachOSlice[] {
  const count = bytes.readUInt32BE(4);
  const width = magic === FAT_MAGIC ? 20 : 32;
  if (count > MAX_SLICES || 8 + count * width > bytes.length) return [];
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * width;
    const offset =
      magic === FAT_MAGIC ? bytes.readUInt32BE(at + 8) : Number(bytes.readBigUInt64BE(at + 8));
    return { cpuType: bytes.readUInt32BE(at), cpuSubtype: bytes.readUInt32BE(at + 4), offset };
  });
}

function machMagic(bytes: Buffer, offset: number): number | undefined {
  if (offset + 32 > bytes.length) return undefined;
  const magic = bytes.readUInt32LE(offset);
  return magic === MACH_MAGIC || magic === MACH_MAGIC_64 ? magic : undefined;
}

/**
 * The load commands of a slice, as many as lie whole in `bytes`.
 * @returns `complete`: whether these are all of them. Undefined when the slice does not begin in `bytes`
 */
export function loadCommandsOf(
  bytes: Buffer,
  offset: number,
): { readonly commands: readonly LoadCommand[]; readonly complete: boolean } | undefined {
  const magic = machMagic(bytes, offset);
  if (magic === undefined) return undefined;
  const count = Math.min(bytes.readUInt32LE(offset + 16), MAX_COMMANDS);
  const commands: LoadCommand[] = [];
  let at = offset + (magic === MACH_MAGIC_64 ? 32 : 28);
  for (let index = 0; index < count; index += 1) {
    if (at + 8 > bytes.length) return { commands, complete: false };
    const length = bytes.readUInt32LE(at + 4);
    if (length < 8 || at + length > bytes.length) return { commands, complete: false };
    commands.push({ command: bytes.readUInt32LE(at), at, length });
    at += length;
  }
  return { commands, complete: true };
}
