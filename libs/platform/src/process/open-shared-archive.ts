import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import type { SetupToken } from '@rootcellar/archive';
import type { Config } from '../config/load-config.js';
import { readSecret } from '../config/read-secret.js';
import type { Logger } from '../logging.js';
import { parseMasterKey } from '../master-key.js';
import { openArchive } from '../open-archive.js';
import type { OpenArchive } from '../open-archive.js';
import { openProviders } from '../sign-in/open-providers.js';
import { openBucket, readDatabase, readRedis } from '../servers/read-servers.js';

/**
 * The archive as several processes share it: PostgreSQL, bucket and queue are servers, and keys are files that each is given.
 * @param how.migrates brings the schema up to date; otherwise it must be
 * @throws ArchiveError CONFIG_INVALID, SCHEMA_OUTDATED, DATABASE_FAILED, OBJECT_STORE_REFUSED …
 */
export async function openSharedArchive(
  config: Config,
  how: { readonly logger: Logger; readonly clock: Clock; readonly migrates?: boolean },
): Promise<OpenArchive> {
  await using opened = new AsyncDisposableStack();
  const { logger, clock } = how;
  const database = await readDatabase(config.servers);
  if (database === undefined) throw missing('ROOTCELLAR_DATABASE_URL');
  const objects = await openBucket(config.servers, clock);
  if (objects === undefined) throw missing('ROOTCELLAR_S3_ENDPOINT');
  opened.defer(() => objects.close());
  const { masterKeyFile, scratchFolder } = config;
  if (masterKeyFile === undefined) throw missing('ROOTCELLAR_MASTER_KEY_FILE');
  const masterKey = parseMasterKey(
    await readSecret(masterKeyFile, 'ROOTCELLAR_MASTER_KEY_FILE'),
    masterKeyFile,
  );
  const scratch = await provideScratch(scratchFolder);
  opened.defer(async () => rm(scratch, { recursive: true, force: true }));
  const archive = await openArchive({
    ...{ database, objects, masterKey, masterKeyFile, clock },
    migrated: !(how.migrates ?? false),
    redis: await readRedis(config.servers),
    warn: (text) => logger.warn(text),
    scratchFolder: join(scratch, 'files'),
    setupToken: givenToken(config.setupTokenFile),
    threads: config.threads,
    upkeep: config.upkeep,
    providers: await openProviders(config.provider),
  });
  opened.defer(async () => archive.close());
  const closing = opened.move();
  return { ...archive, close: async () => closing.disposeAsync() };
}

/** Whoever runs the processes made it; once there is an administrator it opens nothing. */
function givenToken(file: string | undefined): SetupToken {
  return {
    read: async () =>
      file === undefined ? undefined : readSecret(file, 'ROOTCELLAR_SETUP_TOKEN_FILE'),
    spend: () => Promise.resolve(),
  };
}

async function provideScratch(folder: string | undefined): Promise<string> {
  return folder === undefined
    ? mkdtemp(join(tmpdir(), 'rootcellar-scratch-'))
    : join(resolve(folder), 'rootcellar-scratch');
}

function missing(setting: string): ArchiveError {
  return new ArchiveError(
    'CONFIG_INVALID',
    `${setting} is missing: a process of its own shares database, objects and keys with others. Nothing was started.`,
    { hint: 'See docs/deployment.md; for everything in one process there is `npm start`.' },
  );
}
