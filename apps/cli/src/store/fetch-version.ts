import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectPackage, readerOfFile } from '@rootcellar/ios';
import type { PackageFacts } from '@rootcellar/ios';
import { ArchiveError, isArchiveError, readableText } from '@rootcellar/model';
import { errorCode } from '../error-code.js';
import type { AddedPackage } from '../package/add-package.js';
import type { AppStore, WantedVersion } from './app-store.js';

export interface FetchParts {
  readonly store: AppStore;
  readonly add: (file: string) => Promise<AddedPackage>;
  /** Where downloads lie while they arrive, and where what was not asked for is kept aside. */
  readonly place: string;
}

export interface FetchedVersion extends AddedPackage {
  /** A licence was got for it. */
  readonly purchased: boolean;
}

/**
 * Fetches one version and adds it, if it is what was asked for: by the package's own words, not by what the store or the tool says.
 * @throws ArchiveError STORE_OTHER_VERSION, STORE_…, PACKAGE_…, and what adding throws
 */
export async function fetchVersion(
  parts: FetchParts,
  wanted: WantedVersion,
): Promise<FetchedVersion> {
  await mkdir(parts.place, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parts.place, 'fetch-'));
  try {
    const { file, purchased } = await parts.store.fetch(wanted, folder);
    const facts = await factsOf(file);
    const wrong = whatIsWrong(facts, wanted);
    if (wrong !== undefined) throw otherVersion(wrong, await setAside(parts.place, file, facts));
    const named = join(folder, fileName(facts));
    await rename(file, named);
    return { ...(await addOrSetAside(parts, named, facts)), purchased };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the store gave is not thrown away because the service is away. */
async function addOrSetAside(
  { add, place }: FetchParts,
  file: string,
  facts: PackageFacts,
): Promise<AddedPackage> {
  try {
    return await add(file);
  } catch (cause) {
    const where = await setAside(place, file, facts);
    if (!isArchiveError(cause)) throw cause;
    const { code, message, details } = cause;
    throw new ArchiveError(code, `The version was fetched, but not added: ${message}`, {
      ...{ cause, details },
      hint: `It lies at ${where}; \`rootcellar app add\` adds it from there.`,
    });
  }
}

async function factsOf(file: string): Promise<PackageFacts> {
  try {
    await using handle = await open(file);
    return await inspectPackage(readerOfFile(handle), { size: (await handle.stat()).size });
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT')
      throw new ArchiveError(
        'STORE_TOOL_FAILED',
        'ipatool says that it is done, but there is no file. Nothing was added.',
        { cause },
      );
    if (!isArchiveError(cause)) throw cause;
    throw new ArchiveError('STORE_TOOL_FAILED', `What arrived is no package: ${cause.message}`, {
      cause,
    });
  }
}

/** `undefined`: it is what was asked for. Ids are the store's own, so equal means equal. */
function whatIsWrong(facts: PackageFacts, wanted: WantedVersion): string | undefined {
  if (facts.bundleId !== wanted.bundleId) return `it is another app (${facts.bundleId})`;
  const shown = `${facts.version} (${facts.build ?? '–'})`;
  if (facts.externalVersionId === undefined)
    return `it says ${shown} and no version id of the store, so nobody can tell`;
  if (facts.externalVersionId !== wanted.externalVersionId)
    return `it is ${shown}, id ${facts.externalVersionId}, not id ${wanted.externalVersionId}`;
  return undefined;
}

async function setAside(place: string, file: string, facts: PackageFacts): Promise<string> {
  const aside = join(place, 'aside');
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const target = join(aside, fileName(facts));
  // One of each is enough.
  await rm(target, { force: true });
  await rename(file, target);
  return target;
}

function otherVersion(wrong: string, where: string): ArchiveError {
  return new ArchiveError(
    'STORE_OTHER_VERSION',
    `What arrived is not what was asked for: ${wrong}. It was not added.`,
    { hint: `It lies at ${where}; \`rootcellar app add\` keeps it if you want it.` },
  );
}

/** Two versions may show the same number: the id tells them apart (majd/ipatool #583). */
function fileName({ bundleId, version, externalVersionId }: PackageFacts): string {
  const name = [bundleId, version, externalVersionId ?? 'unknown']
    .join('_')
    .replace(/[^\w.-]/g, '-');
  return readableText(`${name.slice(0, 200)}.ipa`, 255, 'package.ipa');
}
