import { parseStoreMetadata, shortText } from '../backup/itunes-metadata.js';
import type { Blind, StoreMetadata } from '../backup/itunes-metadata.js';
import { METADATA_ENTRY, findApp } from './app-layout.js';
import type { AppLayout } from './app-layout.js';
import {
  BlockReader,
  notZip,
  readZipDirectory,
  readZipEntry,
  readZipEntryHead,
} from '@rootcellar/zip';
import { INFO_PLIST_MAX_BYTES, readInfoPlist } from './info-plist-facts.js';
import type { InfoPlistFacts } from './info-plist-facts.js';
import { readMachO } from './mach-o.js';
import type { MachOFacts } from './mach-o.js';
import type { RandomAccessReader, ZipDirectory, ZipEntry } from '@rootcellar/zip';
import type { SinfProblem } from './sinf.js';
import { beginsAsPicture, sinfProblem, wholeOrWhy } from './store-parts.js';

/** Why the store's description of an app was not used: it cannot be parsed, is larger than any real one, or is of another bundle id. */
export type MetadataProblem = 'unreadable' | 'too-large' | 'other-app';

/** What an app package says about itself, made fit to store and show. The buyer is left out: see `readPackageStore`. */
export interface PackageFacts extends InfoPlistFacts, MachOFacts, Omit<AppLayout, 'root'> {
  /** The App Store's number of this very version. */
  readonly externalVersionId: string | undefined;
  readonly itemId: string | undefined;
  /** The version the store shows, which need not be the app's own. */
  readonly storeVersion: string | undefined;
  readonly purchaseDate: Date | undefined;
  readonly releaseDate: Date | undefined;
  /** Whether an Apple ID stands in the package; which one is never read. */
  readonly appleIdPresent: boolean;
  readonly metadataProblem: MetadataProblem | undefined;
  /** What is wrong with the buyer's rights; undefined when nothing was found, or there are none. */
  readonly sinfProblem: SinfProblem | undefined;
  /** Whether the store's picture of the app begins as a picture does; undefined when there is none. */
  readonly artworkIsPicture: boolean | undefined;
  /** Files and folders in the zip. */
  readonly entries: number;
}

/** What the store's description in a package says that the package itself does not: who bought it and when, which versions there were. */
export type PackageStore = Pick<
  StoreMetadata,
  'buyer' | 'versionIds' | 'itemId' | 'purchaseDate' | 'releaseDate'
>;

const METADATA_MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads what an .ipa is, touching only its directory, two property lists and the head of its executable.
 *
 * @throws ArchiveError PACKAGE_NOT_ZIP, PACKAGE_ENTRIES_UNSAFE, PACKAGE_ENCRYPTED, PACKAGE_TOO_LARGE, PACKAGE_NO_APP,
 * PACKAGE_SEVERAL_APPS, PACKAGE_NO_VERSION, PLIST_INVALID, PLIST_TOO_LARGE; and whatever the reader throws
 */
export async function inspectPackage(
  reader: RandomAccessReader,
  { size }: { readonly size: number },
): Promise<PackageFacts> {
  const blocks = new BlockReader(reader, size);
  const directory = await readZipDirectory(blocks);
  const { root, ...layout } = findApp(directory);
  const infoPlist = await readNamed(blocks, directory, `${root}/Info.plist`);
  const info = readInfoPlist(infoPlist);
  const machO = await executableFacts(blocks, directory, `${root}/${info.executable ?? ''}`);
  const { store, problem, appleIdPresent } = await storeFacts(blocks, directory, info.bundleId);
  const artwork = layout.artwork === undefined ? undefined : directory.get(layout.artwork);
  return {
    ...info,
    executable: shortText(info.executable, 255),
    ...machO,
    ...layout,
    externalVersionId: store?.externalVersionId,
    itemId: store?.itemId,
    storeVersion: store?.version,
    purchaseDate: store?.purchaseDate,
    releaseDate: store?.releaseDate,
    appleIdPresent,
    metadataProblem: problem,
    sinfProblem: await sinfProblem(blocks, directory, { root, itemId: store?.itemId }),
    artworkIsPicture: artwork && (await beginsAsPicture(blocks, artwork)),
    entries: directory.size,
  };
}

/**
 * Reads it without looking at the rest. Metadata that cannot be used, or are of another app, say nothing.
 *
 * @param options.blind takes the buyer's Apple ID
 * @throws ArchiveError as `inspectPackage`
 */
export async function readPackageStore(
  reader: RandomAccessReader,
  {
    size,
    bundleId,
    blind,
  }: { readonly size: number; readonly bundleId: string; readonly blind: Blind },
): Promise<PackageStore> {
  const blocks = new BlockReader(reader, size);
  const entry = (await readZipDirectory(blocks)).get(METADATA_ENTRY);
  const store = entry && (await readMetadata(blocks, entry, blind));
  if (typeof store !== 'object' || (store.bundleId ?? bundleId) !== bundleId) return {};
  const { buyer, versionIds, itemId, purchaseDate, releaseDate } = store;
  return { buyer, versionIds, itemId, purchaseDate, releaseDate };
}

async function readNamed(
  blocks: BlockReader,
  directory: ZipDirectory,
  name: string,
): Promise<Buffer> {
  const entry = directory.get(name);
  if (entry === undefined) throw notZip('lost an entry while it was read');
  return readZipEntry(blocks, entry, INFO_PLIST_MAX_BYTES);
}

async function executableFacts(
  blocks: BlockReader,
  directory: ZipDirectory,
  name: string,
): Promise<MachOFacts> {
  const entry = directory.get(name);
  if (entry === undefined) return { architectures: [], fairPlayEncrypted: undefined };
  return readMachO(await readZipEntryHead(blocks, entry));
}

interface StoreReading {
  readonly store: StoreMetadata | undefined;
  readonly problem: MetadataProblem | undefined;
  readonly appleIdPresent: boolean;
}

/** Metadata that are broken or of another app say nothing about this one: the app's own Info.plist is what counts. */
async function storeFacts(
  blocks: BlockReader,
  directory: ZipDirectory,
  bundleId: string,
): Promise<StoreReading> {
  const entry = directory.get(METADATA_ENTRY);
  if (entry === undefined) return { store: undefined, problem: undefined, appleIdPresent: false };
  const store = await readMetadata(blocks, entry);
  if (typeof store !== 'object') return { store: undefined, problem: store, appleIdPresent: false };
  const { appleIdPresent } = store;
  if (store.bundleId !== undefined && store.bundleId !== bundleId)
    return { store: undefined, problem: 'other-app', appleIdPresent };
  return { store, problem: undefined, appleIdPresent };
}

async function readMetadata(
  blocks: BlockReader,
  entry: ZipEntry,
  blind?: Blind,
): Promise<StoreMetadata | 'unreadable' | 'too-large'> {
  const bytes = await wholeOrWhy(blocks, entry, METADATA_MAX_BYTES);
  return typeof bytes === 'object' ? (parseStoreMetadata(bytes, blind) ?? 'unreadable') : bytes;
}
