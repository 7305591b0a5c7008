import { constants, copyFile, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import { inspectBackupFolder } from '../backup/inspect-backup-folder.js';
import { errorCode } from '../files/error-code.js';
import { parseManifestBlob } from '../manifest/parse-manifest-blob.js';
import type { Manifest } from '../manifest/manifest.js';
import { openManifest } from '../manifest/open-manifest.js';
import { appOfDomain, isDomainOf } from './domains-of-app.js';
import { writeManifestPart } from './write-manifest-part.js';

export interface AppBackupRequest {
  /** A backup folder; payloads of other apps may be missing. Nothing in it is changed. */
  readonly from: string;
  /** A folder that does not exist yet. */
  readonly to: string;
  readonly bundleId: string;
  /** Its domains, where somebody knows better than their names tell: groups need not be called after their app. */
  readonly domains?: readonly string[] | undefined;
}

export interface AppBackup {
  /** Of the app, its plugins and its groups, in order. */
  readonly domains: readonly string[];
  readonly files: number;
  /** Bytes of the files. */
  readonly bytes: number;
}

/** What a restore reads beside Manifest.db. They stay as they are: they tell of the device, not of the app. */
const PLISTS = ['Info.plist', 'Manifest.plist', 'Status.plist'];

/**
 * Writes a backup folder that holds one app's data alone, to be put back onto a device: Apple's three property lists as they were, the
 * payloads of the app's domains (container, plugins, groups that are called after it), and a Manifest.db with their rows only, byte for byte.
 * Payloads are linked, or copied where links do not work. After a failure there is no `to`.
 *
 * @throws ArchiveError BACKUP_ENCRYPTED (its rows and files open with its password only: the device takes such a backup whole),
 * RESTORE_NOTHING (none of its domains is the app's), BACKUP_INCOMPLETE (a payload of the app is missing), RESTORE_TARGET_EXISTS, and those of
 * `inspectBackupFolder`
 */
export async function writeAppBackup(request: AppBackupRequest): Promise<AppBackup> {
  const { from, to } = request;
  const { facts, manifestReadable } = await inspectBackupFolder(from);
  if (facts.encrypted || !manifestReadable) throw encrypted();
  using manifest = await openManifest(join(from, 'Manifest.db'));
  const installed = facts.installedApps.map(({ bundleId }) => bundleId);
  const domains = domainsOf(manifest, request, installed);
  if (domains.length === 0) throw nothing();
  await makeNew(to);
  try {
    for (const name of PLISTS) await copyFile(join(from, name), join(to, name));
    const amount = await takePayloads(manifest, domains, request);
    await writeManifestPart(manifest, domains, {
      like: join(from, 'Manifest.db'),
      to: join(to, 'Manifest.db'),
    });
    return { domains, ...amount };
  } catch (error) {
    await rm(to, { recursive: true, force: true });
    throw error;
  }
}

function domainsOf(
  manifest: Manifest,
  { bundleId, domains: asked }: AppBackupRequest,
  installed: readonly string[],
): string[] {
  const all: string[] = [];
  for (let page = manifest.domains(); page.length > 0; page = manifest.domains(all.at(-1)))
    all.push(...page.map(({ domain }) => domain));
  if (asked !== undefined) return all.filter((domain) => asked.includes(domain));
  const known = [...installed, ...all.flatMap((domain) => appOfDomain(domain) ?? [])];
  return all.filter((domain) => isDomainOf(domain, [bundleId], known));
}

async function takePayloads(
  manifest: Manifest,
  domains: readonly string[],
  { from, to }: AppBackupRequest,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const folders = new Set<string>();
  let [files, bytes] = [0, 0];
  for (const domain of domains) {
    for (const { fileId, type, blob } of manifest.files({ domain })) {
      if (type !== 'file') continue;
      const folder = fileId.slice(0, 2);
      if (!folders.has(folder)) await mkdir(join(to, folder), { recursive: true });
      folders.add(folder);
      await linkOrCopy(join(from, folder, fileId), join(to, folder, fileId));
      files += 1;
      bytes += blob === undefined ? 0 : (parseManifestBlob(blob).size ?? 0);
    }
  }
  return { files, bytes };
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') {
      throw new ArchiveError(
        'BACKUP_INCOMPLETE',
        'Files of the app are missing from the backup: put back, the app would miss them. Nothing was written.',
        { cause, hint: 'Choose another snapshot with the app’s data.' },
      );
    }
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

async function makeNew(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause;
    throw new ArchiveError(
      'RESTORE_TARGET_EXISTS',
      'The target folder exists already; it was not touched.',
      { cause },
    );
  }
}

function encrypted(): ArchiveError {
  return new ArchiveError(
    'BACKUP_ENCRYPTED',
    'The backup is encrypted: one app’s data cannot be taken out of it. Nothing was written.',
    {
      hint: 'It can be restored whole, with its password: `rootcellar restore` writes the folder, Finder or idevicebackup2 puts it on the device. That replaces everything on it.',
    },
  );
}

function nothing(): ArchiveError {
  return new ArchiveError(
    'RESTORE_NOTHING',
    'The backup holds no data of this app. Nothing was written.',
    { hint: '`rootcellar snapshot ls` shows the domains that are in it.' },
  );
}
