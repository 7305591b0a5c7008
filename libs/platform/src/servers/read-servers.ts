import type { DatabaseSettings } from '@rootcellar/catalog';
import type { RedisSettings } from '@rootcellar/jobs';
import { openS3ObjectStore } from '@rootcellar/object-store';
import type { S3Credentials, S3ObjectStore, S3Settings } from '@rootcellar/object-store';
import type { Clock } from '@rootcellar/model';
import { readSecret } from '../config/read-secret.js';
import type { S3Config, SecretSource, ServersConfig } from '../config/servers-config.js';

/** Credentials may be changed while the service runs. */
const READ_AGAIN_MS = 60_000;

/** The servers the environment names, secrets read. @throws ArchiveError CONFIG_INVALID */
export async function readDatabase({
  database,
  poolSize,
}: ServersConfig): Promise<DatabaseSettings | undefined> {
  if (database === undefined) return undefined;
  const { host, port, user, database: name, passwordFile, caFile } = database;
  const password = await fromFile(passwordFile, 'ROOTCELLAR_DATABASE_PASSWORD_FILE');
  const ca = await fromFile(caFile, 'ROOTCELLAR_DATABASE_CA_FILE');
  return {
    ...{ host, port, user, database: name, poolSize },
    password: password ?? database.password,
    ...(ca === undefined ? {} : { tls: { ca } }),
  };
}

/** @throws ArchiveError CONFIG_INVALID */
export async function readRedis({ redis }: ServersConfig): Promise<RedisSettings | undefined> {
  if (redis === undefined) return undefined;
  return {
    url: redis.url,
    password: await fromFile(redis.passwordFile, 'ROOTCELLAR_REDIS_PASSWORD_FILE'),
    ca: await fromFile(redis.caFile, 'ROOTCELLAR_REDIS_CA_FILE'),
  };
}

/** The bucket the environment names; the caller closes it. @throws ArchiveError CONFIG_INVALID, OBJECT_STORE_REFUSED, OBJECT_STORE_UNAVAILABLE */
export async function openBucket(
  servers: ServersConfig,
  clock: Clock,
): Promise<S3ObjectStore | undefined> {
  const settings = await readS3(servers, clock);
  return settings && openS3ObjectStore(settings);
}

async function readS3({ s3 }: ServersConfig, clock: Clock): Promise<S3Settings | undefined> {
  if (s3 === undefined) return undefined;
  const { endpoint, bucket, prefix, region, pathStyle, caFile } = s3;
  const ca = await fromFile(caFile, 'ROOTCELLAR_S3_CA_FILE');
  return {
    ...{ endpoint, bucket, prefix, region, pathStyle },
    ...(ca === undefined ? {} : { ca }),
    // Read now: what cannot be read is told at the start.
    credentials: keptCredentials(s3, clock, await readCredentials(s3)),
  };
}

function keptCredentials(
  s3: S3Config,
  clock: Clock,
  first: S3Credentials,
): () => Promise<S3Credentials> {
  let kept = Promise.resolve(first);
  let readAtMs = clock.monotonicMs();
  return async () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - readAtMs > READ_AGAIN_MS) {
      const before = kept;
      readAtMs = nowMs;
      // Files that are just being exchanged: what was read before is good for another minute.
      kept = readCredentials(s3).catch(async () => before);
    }
    return kept;
  };
}

async function readCredentials({ accessKey, secretKey }: S3Config): Promise<S3Credentials> {
  return {
    accessKey: await secretOf(accessKey, 'ROOTCELLAR_S3_ACCESS_KEY_FILE'),
    secretKey: await secretOf(secretKey, 'ROOTCELLAR_S3_SECRET_KEY_FILE'),
  };
}

async function secretOf(source: SecretSource, setting: string): Promise<string> {
  return 'value' in source ? source.value : readSecret(source.file, setting);
}

async function fromFile(path: string | undefined, setting: string): Promise<string | undefined> {
  return path === undefined ? undefined : readSecret(path, setting);
}
