import { ArchiveError } from '@rootcellar/model';
import type { ServersEnvDto } from './servers-env.dto.js';

/** Servers as the environment names them; secrets are still in their files. */
export interface ServersConfig {
  /** `undefined`: the embedded one. */
  readonly database: DatabaseConfig | undefined;
  readonly poolSize: number;
  /** `undefined`: the queue is in the database. */
  readonly redis: RedisConfig | undefined;
  /** `undefined`: objects are in a folder. */
  readonly s3: S3Config | undefined;
}

export interface DatabaseConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** From the address; a file comes first. */
  readonly password: string;
  readonly passwordFile: string | undefined;
  readonly caFile: string | undefined;
}

export interface RedisConfig {
  readonly url: string;
  readonly passwordFile: string | undefined;
  readonly caFile: string | undefined;
}

export interface S3Config {
  readonly endpoint: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly accessKey: SecretSource;
  readonly secretKey: SecretSource;
  readonly caFile: string | undefined;
}

/** A secret itself, or the file it is in. */
export type SecretSource = { readonly value: string } | { readonly file: string };

/** @throws ArchiveError CONFIG_INVALID */
export function serversConfig(env: ServersEnvDto): ServersConfig {
  return {
    database: databaseConfig(env),
    poolSize: env.ROOTCELLAR_DATABASE_POOL,
    redis:
      env.ROOTCELLAR_REDIS_URL === undefined
        ? undefined
        : {
            url: env.ROOTCELLAR_REDIS_URL,
            passwordFile: env.ROOTCELLAR_REDIS_PASSWORD_FILE,
            caFile: env.ROOTCELLAR_REDIS_CA_FILE,
          },
    s3: s3Config(env),
  };
}

function databaseConfig(env: ServersEnvDto): DatabaseConfig | undefined {
  if (env.ROOTCELLAR_DATABASE_URL === undefined) return undefined;
  const url = URL.parse(env.ROOTCELLAR_DATABASE_URL);
  const database = url?.pathname.slice(1) ?? '';
  if (
    url === null ||
    !/^postgres(ql)?:$/.test(url.protocol) ||
    [url.hostname, url.username, database].includes('') ||
    database.includes('/') ||
    url.search !== ''
  ) {
    throw invalid(
      'ROOTCELLAR_DATABASE_URL does not have the form postgres://user@host:5432/database.',
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(database),
    password: decodeURIComponent(url.password),
    passwordFile: env.ROOTCELLAR_DATABASE_PASSWORD_FILE,
    caFile: env.ROOTCELLAR_DATABASE_CA_FILE,
  };
}

function s3Config(env: ServersEnvDto): S3Config | undefined {
  const { ROOTCELLAR_S3_ENDPOINT: endpoint, ROOTCELLAR_S3_BUCKET: bucket } = env;
  if (endpoint === undefined && bucket === undefined) return undefined;
  if (endpoint === undefined || bucket === undefined)
    throw invalid('ROOTCELLAR_S3_ENDPOINT and ROOTCELLAR_S3_BUCKET belong together.');
  return {
    ...{ endpoint, bucket },
    prefix: env.ROOTCELLAR_S3_PREFIX,
    region: env.ROOTCELLAR_S3_REGION,
    pathStyle: env.ROOTCELLAR_S3_ADDRESSING === 'path',
    accessKey: secretSource(
      'ROOTCELLAR_S3_ACCESS_KEY',
      env.ROOTCELLAR_S3_ACCESS_KEY_FILE,
      env.ROOTCELLAR_S3_ACCESS_KEY,
    ),
    secretKey: secretSource(
      'ROOTCELLAR_S3_SECRET_KEY',
      env.ROOTCELLAR_S3_SECRET_KEY_FILE,
      env.ROOTCELLAR_S3_SECRET_KEY,
    ),
    caFile: env.ROOTCELLAR_S3_CA_FILE,
  };
}

function secretSource(
  name: string,
  file: string | undefined,
  value: string | undefined,
): SecretSource {
  if (file !== undefined) return { file };
  if (value !== undefined) return { value };
  throw invalid(`With ROOTCELLAR_S3_BUCKET there must be ${name}_FILE, or ${name}.`);
}

function invalid(message: string): ArchiveError {
  return new ArchiveError('CONFIG_INVALID', `${message} Nothing was started.`, {
    hint: 'See .env.example for every setting.',
  });
}
