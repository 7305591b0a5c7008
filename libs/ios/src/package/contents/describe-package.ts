import { isArchiveError } from '@rootcellar/model';
import { isDict } from '../../plist/plist-fields.js';
import { parsePlist } from '../../plist/parse-plist.js';
import type { PlistDict } from '../../plist/plist-value.js';
import { METADATA_ENTRY, findApp } from '../app-layout.js';
import {
  BlockReader,
  dataOffset,
  notZip,
  readZipDirectory,
  readZipEntry,
  readZipEntryHead,
} from '@rootcellar/zip';
import { INFO_PLIST_LIMITS, INFO_PLIST_MAX_BYTES, readInfoPlist } from '../info-plist-facts.js';
import type { RandomAccessReader, ZipDirectory, ZipEntry } from '@rootcellar/zip';
import { filesOf, partsOf, plainName } from './app-parts.js';
import { signalsInParts } from './business-signals.js';
import { entitlementsIn, readEntitlements, signaturePlaceIn } from './code-signature.js';
import type { SignaturePlace } from './code-signature.js';
import { promisesIn } from './info-promises.js';
import { linkedLibrariesIn } from './linked-libraries.js';
import type { BusinessSignal, PackageDescription } from './package-description.js';
import { PRIVACY_MAX_BYTES, readPrivacyManifest } from './privacy-manifest.js';
import { readEntryRange } from './read-entry-range.js';
import { STORE_TERMS_MAX_BYTES, storeTermsIn } from './store-terms.js';
import { STRINGS_MAX_BYTES, subscriptionWordsIn } from './subscription-words.js';

/** Tables of sentences that are looked through: the app's own, some languages are enough. */
const STRINGS_FILES = 60;
const STRINGS = /^App\/(?:Base|en|de|fr|es|it|pt|nl|ja|ko|zh)[^/]*\.lproj\/[^/]+\.strings$/;
const XCENT = 'archived-expanded-entitlements.xcent';

/** Lets two packages share what was found where their bytes are the same. */
export interface SharedFindings {
  /** The same for two ranges of packages only when their bytes are the same. */
  readonly keyOf: (offset: number, length: number) => string;
  /** By key: what is being found, or was. */
  readonly signatures: Map<string, Promise<Buffer | undefined>>;
}

/**
 * Reads what is inside of an .ipa, without unpacking it: directory, lists, the edges of the executable.
 *
 * @throws ArchiveError PACKAGE_NOT_ZIP, PACKAGE_NO_APP, …, as `inspectPackage`; whatever the reader throws
 */
export async function describePackage(
  reader: RandomAccessReader,
  { size, shared }: { readonly size: number; readonly shared?: SharedFindings },
): Promise<PackageDescription> {
  const blocks = new BlockReader(reader, size);
  const directory = await readZipDirectory(blocks);
  const { root } = findApp(directory);
  const open: Opened = { blocks, directory, root, shared };
  const infoBytes = await wholeEntry(open, 'Info.plist', INFO_PLIST_MAX_BYTES);
  if (infoBytes === undefined) throw notZip('lost an entry while it was read');
  const facts = readInfoPlist(infoBytes);
  const list = parsePlist(infoBytes, INFO_PLIST_LIMITS);
  const files = filesOf(directory, root);
  const executable = directory.get(`${root}/${facts.executable ?? ''}`);
  const head = executable && (await readZipEntryHead(blocks, executable));
  const linkedLibraries = head === undefined ? [] : linkedLibrariesIn(head);
  const { bundleId, name, version, build, minimumOs, deviceFamilies, requiredCapabilities } = facts;
  const privacy = await wholeEntry(open, 'PrivacyInfo.xcprivacy', PRIVACY_MAX_BYTES);
  return {
    ...{ bundleId, name, version, build, minimumOs, deviceFamilies, requiredCapabilities },
    bytes: files.values().reduce((sum, file) => sum + file.bytes, 0),
    files,
    ...promisesIn(isDict(list) ? list : (new Map() as PlistDict)),
    entitlements: await entitlementsOf(open, executable, head),
    ...partsOf(files),
    linkedLibraries,
    privacy: privacy && readPrivacyManifest(privacy),
    signals: [
      ...signalsInParts(files, linkedLibraries),
      ...(await signalsInStrings(open)),
      ...(await signalsInMetadata(open, bundleId)),
    ],
  };
}

interface Opened {
  readonly blocks: BlockReader;
  readonly directory: ZipDirectory;
  readonly root: string;
  readonly shared: SharedFindings | undefined;
}

/** Undefined when it is not there, too large, or damaged: of what is only told about nothing depends on it. */
async function wholeEntry(
  { blocks, directory, root }: Opened,
  name: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const entry = directory.get(`${root}/${name}`);
  return entry && readIfWhole(blocks, entry, maxBytes);
}

async function readIfWhole(
  blocks: BlockReader,
  entry: ZipEntry,
  maxBytes: number,
): Promise<Buffer | undefined> {
  try {
    return await readZipEntry(blocks, entry, maxBytes);
  } catch (error) {
    if (isArchiveError(error, 'PACKAGE_NOT_ZIP', 'PACKAGE_TOO_LARGE')) return undefined;
    throw error;
  }
}

async function entitlementsOf(
  open: Opened,
  executable: ZipEntry | undefined,
  head: Buffer | undefined,
): Promise<ReadonlyMap<string, string> | undefined> {
  const place = head && signaturePlaceIn(head);
  if (executable !== undefined && place !== undefined) {
    const signature = await signatureAt(open, executable, place);
    const found = signature && entitlementsIn(signature);
    if (found !== undefined) return found;
  }
  const beside = await wholeEntry(open, XCENT, PRIVACY_MAX_BYTES);
  return beside && readEntitlements(beside);
}

/** The costliest: everything before it is unpacked. Of the same executable it is done once. */
async function signatureAt(
  { blocks, shared }: Opened,
  executable: ZipEntry,
  place: SignaturePlace,
): Promise<Buffer | undefined> {
  if (shared === undefined) return readEntryRange(blocks, executable, place);
  const packed = shared.keyOf(await dataOffset(blocks, executable), executable.compressedBytes);
  const key = `${packed} ${String(executable.method)} ${String(place.offset)} ${String(place.length)}`;
  const found = shared.signatures.get(key) ?? readEntryRange(blocks, executable, place);
  shared.signatures.set(key, found);
  return found;
}

async function signalsInMetadata(
  { blocks, directory }: Opened,
  bundleId: string,
): Promise<BusinessSignal[]> {
  const entry = directory.get(METADATA_ENTRY);
  const metadata = entry && (await readIfWhole(blocks, entry, STORE_TERMS_MAX_BYTES));
  return metadata === undefined ? [] : storeTermsIn(metadata, { bundleId, where: METADATA_ENTRY });
}

async function signalsInStrings({ blocks, directory, root }: Opened): Promise<BusinessSignal[]> {
  const signals: BusinessSignal[] = [];
  let looked = 0;
  for (const [name, entry] of directory) {
    const path = plainName(name, root);
    if (!STRINGS.test(path) || looked === STRINGS_FILES) continue;
    looked += 1;
    const strings = await readIfWhole(blocks, entry, STRINGS_MAX_BYTES);
    if (strings !== undefined) signals.push(...subscriptionWordsIn(strings, path));
  }
  return signals;
}
