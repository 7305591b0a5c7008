import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { systemErrorCode } from '../error-code.js';
import { getPackage } from '../package/get-package.js';
import { diskFailure } from '../restore/disk-failure.js';
import { restoreSnapshot } from '../restore/restore-snapshot.js';
import type { Service } from '../service.js';
import type { Progress } from '../terminal/progress.js';
import {
  DATA_FOLDER,
  METADATA_FILE,
  PACKAGE_FOLDER,
  PLAN_FILE,
  SINF_FILE,
  SUMS_FILE,
  sumLine,
} from './kit-names.js';
import { kitReadme } from './kit-readme.js';
import type { KitContents } from './kit-readme.js';
import type { Plan } from './plan-outline.js';
import { walkFiles } from './walk-files.js';
import { writeImazingApp } from './write-imazing-app.js';

export interface KitParts {
  readonly service: Service;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  readonly signal: AbortSignal;
}

export interface WrittenKit extends KitContents {
  readonly planId: string;
  readonly path: string;
  readonly bytes: number;
}

/**
 * Writes all that a rollback takes into a folder of its own: package, rights, data, plan, checksums. Everything is written beside the target and
 * renamed when it is whole: what is called as asked for is a whole kit, whenever it was stopped.
 *
 * @throws ArchiveError RESTORE_TARGET_EXISTS, RESTORE_TARGET_FULL, RESTORE_TARGET_FAILED, PLAN_EXPIRED, PLAN_BLOCKED, KIT_NOT_WRITTEN, INTERRUPTED
 */
export async function writeKit(parts: KitParts, plan: Plan, to: string): Promise<WrittenKit> {
  const { target } = plan;
  requireWorth(plan);
  if (target === null)
    throw new ArchiveError('PLAN_BLOCKED', 'The plan has no package; there is nothing to write.');
  const folder = resolve(to);
  const staging = join(dirname(folder), `.${basename(folder)}.${plan.id}.partial`);
  try {
    await requireEmpty(folder);
    await rm(staging, { recursive: true, force: true });
    await mkdir(join(staging, PACKAGE_FOLDER), { recursive: true, mode: 0o700 });
    const contents = await fill(parts, { plan, target, staging });
    parts.signal.throwIfAborted();
    await takePlace(staging, folder);
    return { planId: plan.id, path: folder, ...contents };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw diskFailure(error);
  }
}

/** An expired plan is not to be acted on; one that is blocked may still be taken along. @throws ArchiveError PLAN_EXPIRED */
function requireWorth({ expired, expiredBecause, app, device }: Plan): void {
  if (!expired) return;
  const why = expiredBecause.map(({ text }) => text).join(' ');
  throw new ArchiveError('PLAN_EXPIRED', `The plan has expired. ${why} Nothing was written.`, {
    details: { expired: expiredBecause.map(({ code }) => code) },
    hint: `Make it again: \`rootcellar rollback plan ${app.bundleId} --device ${device.id}\`.`,
  });
}

async function requireEmpty(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    if (systemErrorCode(error) !== 'ENOTDIR') throw error;
  }
  throw new ArchiveError(
    'RESTORE_TARGET_EXISTS',
    'There is something at the place of the kit already; it was not touched.',
    { hint: 'Give another folder with --to, or an empty one.' },
  );
}

/** An empty folder may lie there; a rename does not take its place everywhere. */
async function takePlace(staging: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await rmdir(folder).catch((error: unknown) => {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  });
  await rename(staging, folder);
}

interface Filling {
  readonly plan: Plan;
  readonly target: NonNullable<Plan['target']>;
  readonly staging: string;
}

async function fill(
  parts: KitParts,
  filling: Filling,
): Promise<Omit<WrittenKit, 'planId' | 'path'>> {
  const { plan, target, staging } = filling;
  const { data } = plan;
  parts.progress.expect({ files: 1 + (data?.files ?? 0), bytes: target.size + (data?.bytes ?? 0) });
  const packagePath = await takePackage(parts, filling);
  const beside = await takeStoreFiles(parts, filling);
  const files = data === null ? 0 : await takeData(parts, data, join(staging, DATA_FOLDER));
  const imazing = data === null ? undefined : `${safeName(plan.app.bundleId)}.imazingapp`;
  const leftOut =
    imazing === undefined
      ? 0
      : await writeImazingApp({
          ...{ packagePath, platform: parts.platform, signal: parts.signal },
          dataFolder: join(staging, DATA_FOLDER),
          target: join(staging, imazing),
          onBytes: () => parts.progress.add({ files: 0, bytes: 0 }),
        });
  const contents: KitContents = {
    package: `${PACKAGE_FOLDER}/${target.kitName}`,
    ...{ sinf: beside.sinf, metadata: beside.metadata },
    imazingApp: imazing ?? null,
    dataFiles: files,
    missingFiles: (data?.files ?? 0) - files,
    leftOutOfImazingApp: leftOut,
  };
  await writeFile(join(staging, PLAN_FILE), kitReadme(plan, contents, parts.clock.now()));
  const bytes = await writeSums(staging, parts.signal);
  return { ...contents, bytes };
}

/** @throws ArchiveError KIT_NOT_WRITTEN when it is another file than the plan was made for */
async function takePackage({ service, progress }: KitParts, filling: Filling): Promise<string> {
  const { target, staging } = filling;
  const path = join(staging, PACKAGE_FOLDER, target.kitName);
  const got = await getPackage(service, target.artifactId, path, (bytes) =>
    progress.add({ files: 0, bytes }),
  );
  if (got.sha256 !== target.sha256 || got.size !== target.size)
    throw new ArchiveError(
      'KIT_NOT_WRITTEN',
      'The package that arrived is not the file the plan was made for; nothing was written.',
      { hint: 'Make the plan again. If it happens again, run `rootcellar admin scrub`.' },
    );
  progress.add({ files: 1, bytes: 0 });
  return path;
}

async function takeStoreFiles(
  { service }: KitParts,
  { plan, target, staging }: Filling,
): Promise<Pick<KitContents, 'sinf' | 'metadata'>> {
  if (target.storeFilesFrom === null) return { sinf: null, metadata: null };
  const { sinf, metadata } = await service.call(async (api, signal) =>
    api.GET('/api/v1/rollback-plans/{id}/store-files', {
      params: { path: { id: plan.id } },
      signal,
    }),
  );
  const put = async (name: string, content: string | null): Promise<string | null> => {
    if (content === null) return null;
    const path = `${PACKAGE_FOLDER}/${name}`;
    await writeFile(join(staging, path), Buffer.from(content, 'base64'), { mode: 0o600 });
    return path;
  };
  return { sinf: await put(SINF_FILE, sinf), metadata: await put(METADATA_FILE, metadata) };
}

/** Domain after domain, as plain files. @returns how many files came */
async function takeData(
  parts: KitParts,
  data: NonNullable<Plan['data']>,
  folder: string,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  let files = 0;
  for (const { domain } of data.domains) {
    const request = { snapshotId: data.snapshotId, udid: '', to: folder, part: { domain } };
    try {
      files += (await restoreSnapshot(parts, request)).files;
    } catch (error) {
      // A domain with nothing in it that can be written.
      if (!isArchiveError(error, 'RESTORE_NOTHING')) throw error;
    }
  }
  return files;
}

/** @returns the bytes of all files */
async function writeSums(staging: string, signal: AbortSignal): Promise<number> {
  let total = 0;
  await using sums = await open(join(staging, SUMS_FILE), 'wx');
  for await (const { path, absolute, isFolder } of walkFiles(staging)) {
    if (isFolder || path === SUMS_FILE) continue;
    const digest = createHash('sha256');
    for await (const bytes of createReadStream(absolute, { signal }) as AsyncIterable<Buffer>) {
      digest.update(bytes);
      total += bytes.length;
    }
    await sums.write(sumLine(digest.digest('hex'), path));
  }
  await sums.sync();
  return total;
}

function safeName(text: string): string {
  return text.replace(/[^\w.-]+/g, '_').replace(/^[.-]+/, '');
}
