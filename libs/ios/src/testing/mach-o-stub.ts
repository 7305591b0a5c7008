export type StubArchitecture = 'armv6' | 'armv7' | 'armv7s' | 'arm64' | 'arm64e' | 'x86_64';

export interface MachOStubSpec {
  readonly architectures?: readonly StubArchitecture[];
  /** Says that FairPlay encrypts it, as in every App Store download. */
  readonly encrypted?: boolean;
  /** Bytes of code per slice: noise that does not compress, the same for the same spec. */
  readonly codeBytes?: number;
  /** Paths of the libraries it is linked with. */
  readonly libraries?: readonly string[];
  /** A list of entitlements, XML, in a signature at the end of each slice. */
  readonly entitlements?: Uint8Array;
}

/** CPU type and subtype of mach/machine.h. */
const CPUS: Readonly<Record<StubArchitecture, readonly [type: number, subtype: number]>> = {
  armv6: [12, 6],
  armv7: [12, 9],
  armv7s: [12, 11],
  arm64: [0x0100000c, 0],
  arm64e: [0x0100000c, 2],
  x86_64: [0x01000007, 3],
};

const LC_ENCRYPTION_INFO = 0x21;
const LC_ENCRYPTION_INFO_64 = 0x2c;
const LC_UUID = 0x1b;
const LC_LOAD_DYLIB = 0xc;
const LC_CODE_SIGNATURE = 0x1d;
const SLICE_ALIGNMENT = 0x4000;

/** The headers of an executable, thin for one architecture and fat for several. It does not run. */
export function machOStub(spec: MachOStubSpec = {}): Buffer {
  const { architectures = ['arm64'] } = spec;
  const slices = architectures.map((architecture) => slice(architecture, spec));
  const [only] = slices;
  return slices.length === 1 && only !== undefined ? only : fat(architectures, slices);
}

function slice(architecture: StubArchitecture, spec: MachOStubSpec): Buffer {
  const [type, subtype] = CPUS[architecture];
  const is64 = type > 0xffffff;
  const header = Buffer.alloc(is64 ? 32 : 28);
  const uuid = Buffer.alloc(24);
  uuid.writeUInt32LE(LC_UUID, 0);
  uuid.writeUInt32LE(uuid.length, 4);
  const encryption = Buffer.alloc(is64 ? 24 : 20);
  encryption.writeUInt32LE(is64 ? LC_ENCRYPTION_INFO_64 : LC_ENCRYPTION_INFO, 0);
  encryption.writeUInt32LE(encryption.length, 4);
  encryption.writeUInt32LE(SLICE_ALIGNMENT, 8);
  encryption.writeUInt32LE(spec.codeBytes ?? 0, 12);
  encryption.writeUInt32LE(spec.encrypted === true ? 1 : 0, 16);
  const libraries = (spec.libraries ?? []).map(libraryCommand);
  const signature = signatureOf(spec.entitlements);
  const place = Buffer.alloc(signature.length === 0 ? 0 : 16);
  const commands = [uuid, encryption, ...libraries, ...(place.length === 0 ? [] : [place])];
  const commandBytes = commands.reduce((sum, { length }) => sum + length, 0);
  const code = noise(spec.codeBytes ?? 0);
  if (place.length > 0) {
    place.writeUInt32LE(LC_CODE_SIGNATURE, 0);
    place.writeUInt32LE(place.length, 4);
    place.writeUInt32LE(header.length + commandBytes + code.length, 8);
    place.writeUInt32LE(signature.length, 12);
  }
  header.writeUInt32LE(is64 ? 0xfeedfacf : 0xfeedface, 0);
  header.writeUInt32LE(type, 4);
  header.writeUInt32LE(subtype, 8);
  header.writeUInt32LE(2, 12);
  header.writeUInt32LE(commands.length, 16);
  header.writeUInt32LE(commandBytes, 20);
  return Buffer.concat([header, ...commands, code, signature]);
}

function libraryCommand(path: string): Buffer {
  const command = Buffer.alloc(Math.ceil((24 + path.length + 1) / 8) * 8);
  command.writeUInt32LE(LC_LOAD_DYLIB, 0);
  command.writeUInt32LE(command.length, 4);
  command.writeUInt32LE(24, 8);
  command.write(path, 24, 'latin1');
  return command;
}

/** cs_blobs.h of XNU: a super blob that holds nothing but the entitlements. */
function signatureOf(entitlements: Uint8Array | undefined): Buffer {
  if (entitlements === undefined) return Buffer.alloc(0);
  const blob = Buffer.alloc(8 + entitlements.length);
  blob.writeUInt32BE(0xfade7171, 0);
  blob.writeUInt32BE(blob.length, 4);
  blob.set(entitlements, 8);
  const head = Buffer.alloc(20);
  head.writeUInt32BE(0xfade0cc0, 0);
  head.writeUInt32BE(head.length + blob.length, 4);
  head.writeUInt32BE(1, 8);
  head.writeUInt32BE(5, 12);
  head.writeUInt32BE(head.length, 16);
  return Buffer.concat([head, blob]);
}

function fat(architectures: readonly StubArchitecture[], slices: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8 + 20 * slices.length);
  header.writeUInt32BE(0xcafebabe, 0);
  header.writeUInt32BE(slices.length, 4);
  const parts: Buffer[] = [header];
  let end = header.length;
  for (const [index, body] of slices.entries()) {
    const [type, subtype] = CPUS[architectures[index] ?? 'arm64'];
    const start = Math.ceil(end / SLICE_ALIGNMENT) * SLICE_ALIGNMENT;
    const at = 8 + 20 * index;
    header.writeUInt32BE(type, at);
    header.writeUInt32BE(subtype, at + 4);
    header.writeUInt32BE(start, at + 8);
    header.writeUInt32BE(body.length, at + 12);
    header.writeUInt32BE(14, at + 16);
    parts.push(Buffer.alloc(start - end), body);
    end = start + body.length;
  }
  return Buffer.concat(parts);
}

/** A xorshift generator: noise that is the same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 0x9e3779b9;
  for (let at = 0; at < length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
  return bytes;
}
