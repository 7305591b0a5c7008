import { loadCommandsOf, slicesOf } from './mach-o-commands.js';
import type { MachOSlice } from './mach-o-commands.js';

/** What the head of an executable tells. */
export interface MachOFacts {
  /** `arm64`, `armv7`, …, in the order of the file. Empty when it is no Mach-O. */
  readonly architectures: readonly string[];
  /** Whether FairPlay encrypts it; `undefined` when the head does not reach so far. */
  readonly fairPlayEncrypted: boolean | undefined;
}

const LC_ENCRYPTION_INFO = 0x21;
const LC_ENCRYPTION_INFO_64 = 0x2c;

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

/** Reads the Mach-O headers that lie in `head`, the first bytes of an executable. Never throws. */
export function readMachO(head: Uint8Array): MachOFacts {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const slices = slicesOf(bytes);
  const verdicts = slices.map(({ offset }) => isEncrypted(bytes, offset));
  return {
    architectures: [...new Set(slices.map(cpuName))],
    fairPlayEncrypted: verdicts.includes(true)
      ? true
      : verdicts.find((known) => known !== undefined),
  };
}

function cpuName({ cpuType, cpuSubtype }: MachOSlice): string {
  const plain = cpuSubtype & 0xffffff;
  return CPU_NAMES.get(`${cpuType}:${plain}`) ?? CPU_NAMES.get(`${cpuType}:*`) ?? `cpu-${cpuType}`;
}

function isEncrypted(bytes: Buffer, offset: number): boolean | undefined {
  const found = loadCommandsOf(bytes, offset);
  if (found === undefined) return undefined;
  const info = found.commands.find(
    ({ command, length }) =>
      length >= 20 && (command === LC_ENCRYPTION_INFO || command === LC_ENCRYPTION_INFO_64),
  );
  if (info !== undefined) return bytes.readUInt32LE(info.at + 16) !== 0;
  return found.complete ? false : undefined;
}
