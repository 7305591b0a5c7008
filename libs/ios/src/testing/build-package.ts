import { machOStub } from './mach-o-stub.js';
import type { MachOStubSpec } from './mach-o-stub.js';
import type { PlistSource, PlistSourceDict } from './plist-source.js';
import { sinfStub } from './sinf-stub.js';
import { writeBinaryPlist } from './write-binary-plist.js';
import { writeXmlPlist } from './write-xml-plist.js';
import { writeZip } from '@rootcellar/zip/testing';
import type { ZipOptions, ZipSource } from '@rootcellar/zip/testing';

export interface PackageSpec {
  readonly bundleId?: string;
  readonly name?: string;
  readonly version?: string;
  readonly build?: string;
  /** `Example` for `Payload/Example.app`. */
  readonly folder?: string;
  /** Further keys of Info.plist; `undefined` takes one away. */
  readonly info?: PlistSourceDict;
  /** The bytes of Info.plist instead of ours; `null` for none. */
  readonly infoPlist?: Uint8Array | null;
  readonly infoForm?: 'binary' | 'xml';
  /** `null` for none. */
  readonly executable?: MachOStubSpec | null;
  /** iTunesMetadata.plist: a list (see `storeMetadata`) or its bytes. */
  readonly metadata?: PlistSourceDict | Uint8Array;
  /** FairPlay's rights as an App Store download has them, in noise: of the app with this number, or these bytes. */
  readonly sinf?: boolean | number | Uint8Array;
  /** `false` for none, or its bytes. */
  readonly artwork?: boolean | Uint8Array;
  readonly extensions?: readonly string[];
  readonly frameworks?: readonly string[];
  readonly watchApp?: boolean;
  /** Further entries, at the end. */
  readonly extra?: readonly ZipSource[];
  /** For every entry: see {@link ZipSource}. */
  readonly entries?: Omit<ZipSource, 'name' | 'content'>;
  readonly zip?: ZipOptions;
}

/** Makes an .ipa in memory, whole unless the spec breaks something; the same bytes for the same spec. */
export function buildPackage(spec: PackageSpec = {}): Buffer {
  const root = `Payload/${spec.folder ?? 'Example'}.app`;
  const sources = [
    { name: 'Payload/' },
    { name: `${root}/` },
    ...infoPlist(spec, root),
    ...executable(spec, root),
    ...parts(spec, root),
    ...storeParts(spec, root),
  ];
  const shaped = sources.map((source) => ({ ...source, ...spec.entries }));
  return writeZip([...shaped, ...(spec.extra ?? [])], spec.zip);
}

/** The name of the executable in every package made here. */
const EXECUTABLE = 'Example';

function infoPlist(spec: PackageSpec, root: string): ZipSource[] {
  if (spec.infoPlist === null) return [];
  const write = spec.infoForm === 'xml' ? writeXmlPlist : writeBinaryPlist;
  const info: PlistSourceDict = {
    CFBundleIdentifier: spec.bundleId ?? 'com.example.app',
    CFBundleDisplayName: spec.name ?? 'Example',
    CFBundleName: 'Example',
    CFBundleExecutable: EXECUTABLE,
    CFBundleShortVersionString: spec.version ?? '1.0',
    CFBundleVersion: spec.build ?? '1',
    CFBundleSupportedPlatforms: ['iPhoneOS'],
    MinimumOSVersion: '12.0',
    UIDeviceFamily: [1, 2],
    UIRequiredDeviceCapabilities: ['arm64'],
    ...spec.info,
  };
  return [{ name: `${root}/Info.plist`, content: spec.infoPlist ?? write(info) }];
}

function executable(spec: PackageSpec, root: string): ZipSource[] {
  if (spec.executable === null) return [];
  return [{ name: `${root}/${EXECUTABLE}`, content: machOStub(spec.executable) }];
}

function parts(spec: PackageSpec, root: string): ZipSource[] {
  const bundle = (path: string, kind: string): ZipSource => ({
    name: `${root}/${path}/Info.plist`,
    content: nestedInfo(`${spec.bundleId ?? 'com.example.app'}.${kind}`),
  });
  return [
    ...(spec.extensions ?? []).map((name) => bundle(`PlugIns/${name}.appex`, name)),
    ...(spec.frameworks ?? []).map((name) => bundle(`Frameworks/${name}.framework`, name)),
    ...(spec.watchApp === true ? [bundle('Watch/Watch.app', 'watch')] : []),
  ];
}

function nestedInfo(bundleId: string): Buffer {
  const info: PlistSource = {
    CFBundleIdentifier: bundleId,
    CFBundleShortVersionString: '9.9',
    CFBundleVersion: '9',
  };
  return writeBinaryPlist(info);
}

function storeParts(spec: PackageSpec, root: string): ZipSource[] {
  const { metadata } = spec;
  const list = metadata instanceof Uint8Array ? metadata : writeBinaryPlist(metadata ?? {});
  return [
    ...(metadata === undefined ? [] : [{ name: 'iTunesMetadata.plist', content: list }]),
    ...artwork(spec),
    ...sinf(spec, root),
  ];
}

const PNG_START = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

function artwork({ artwork: wish = false }: PackageSpec): ZipSource[] {
  if (wish === false) return [];
  return [{ name: 'iTunesArtwork', content: wish === true ? PNG_START : Buffer.from(wish) }];
}

function sinf({ sinf: wish = false }: PackageSpec, root: string): ZipSource[] {
  if (wish === false) return [];
  const content =
    wish instanceof Uint8Array ? Buffer.from(wish) : sinfStub(wish === true ? undefined : wish);
  return [{ name: `${root}/SC_Info/${EXECUTABLE}.sinf`, content }];
}
