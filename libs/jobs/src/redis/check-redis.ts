import { ArchiveError } from '@rootcellar/model';
import { Redis } from 'ioredis';
import { compareVersions, readInfo } from './redis-info.js';
import { keyPrefix, redisOptions, redisPlace, withoutCommand } from './redis-options.js';
import type { RedisSettings } from './redis-options.js';

export interface RedisReport {
  /** For example `redis 7.0.15`. */
  readonly server: string;
  /** For the log: what works, but is not as it should be. */
  readonly warnings: readonly string[];
}

/** BullMQ's scripts need it. Valkey began at 7.2. */
const OLDEST = '6.2.0';
const PATIENCE_MS = 30_000;

/**
 * Whether a Redis or Valkey fits, asked once at the start.
 * @param patienceMs how long to wait for a server that does not answer: it may be starting, too
 * @throws ArchiveError CONFIG_INVALID (sign-in refused, too old, evicts keys, a replica, a cluster), SERVER_UNREACHABLE
 */
export async function checkRedis(
  settings: RedisSettings,
  patienceMs = PATIENCE_MS,
): Promise<RedisReport> {
  keyPrefix(settings);
  const client = new Redis({
    ...redisOptions(settings),
    maxRetriesPerRequest: null,
    // A wrong password does not get right by itself.
    reconnectOnError: () => false,
  });
  try {
    const info = readInfo(await answer(client, settings, patienceMs));
    const policy = info.get('maxmemory_policy') ?? (await configured(client, 'maxmemory-policy'));
    refuseUnfit(info, policy, redisPlace(settings));
    return {
      server: `${info.get('server_name') ?? 'redis'} ${info.get('valkey_version') ?? info.get('redis_version') ?? '?'}`,
      warnings: await warningsOf(client, info, policy),
    };
  } finally {
    client.disconnect();
  }
}

async function answer(client: Redis, settings: RedisSettings, patienceMs: number): Promise<string> {
  const given = Promise.withResolvers<string>();
  let last: unknown;
  client.on('error', (error) => {
    last = error;
    if (REFUSED.test(error.message)) given.reject(refused(settings, error));
  });
  const timer = setTimeout(() => given.reject(unreachable(settings, last)), patienceMs);
  client.info().then(given.resolve, (error: unknown) => given.reject(refused(settings, error)));
  try {
    return await given.promise;
  } finally {
    clearTimeout(timer);
  }
}

const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|ERR .*(AUTH|DB index|invalid password))/;

function refused(settings: RedisSettings, error: unknown): ArchiveError {
  return new ArchiveError(
    'CONFIG_INVALID',
    `Redis at ${redisPlace(settings)} refuses this service. Nothing was started.`,
    {
      hint: 'Check user, password and database number; the user needs all keys and the commands of BullMQ, INFO among them.',
      cause: withoutCommand(error),
    },
  );
}

function unreachable(settings: RedisSettings, error: unknown): ArchiveError {
  return new ArchiveError(
    'SERVER_UNREACHABLE',
    `Redis at ${redisPlace(settings)} does not answer. Nothing was lost: jobs are kept in PostgreSQL.`,
    {
      hint: 'Start Redis, or check the address, the network and the certificate.',
      ...(error === undefined ? {} : { cause: withoutCommand(error) }),
    },
  );
}

function refuseUnfit(
  info: ReadonlyMap<string, string>,
  policy: string | undefined,
  place: string,
): void {
  const refuse = (what: string, hint: string): never => {
    throw new ArchiveError('CONFIG_INVALID', `Redis at ${place} ${what}. Nothing was started.`, {
      hint,
    });
  };
  const version = info.get('redis_version');
  if (version !== undefined && compareVersions(version, OLDEST) < 0)
    refuse(`is version ${version}, older than ${OLDEST}`, 'Use Valkey, or Redis 7 or newer.');
  if (policy !== undefined && policy !== 'noeviction')
    refuse(
      `throws keys away when its memory is full (maxmemory-policy ${policy}): jobs would vanish`,
      'Set maxmemory-policy noeviction, in its configuration and with CONFIG SET; do not share a cache for this.',
    );
  if (info.get('cluster_enabled') === '1')
    refuse(
      'is part of a cluster, which is not supported',
      'Use a single server, or one with a replica.',
    );
  if (info.get('role') === 'slave')
    refuse('is a replica and cannot be written', 'Give the address of the primary.');
}

async function warningsOf(
  client: Redis,
  info: ReadonlyMap<string, string>,
  policy: string | undefined,
): Promise<string[]> {
  const warnings: string[] = [];
  if (policy === undefined)
    warnings.push('Redis does not say its maxmemory-policy; it must be noeviction');
  const saves = await configured(client, 'save');
  if (info.get('aof_enabled') === '0' && (saves === undefined || saves === ''))
    warnings.push(
      'Redis keeps nothing on disk (appendonly no): after its restart jobs are made again from PostgreSQL within seconds',
    );
  return warnings;
}

/** @returns undefined where CONFIG is forbidden, as on many managed servers */
async function configured(client: Redis, setting: string): Promise<string | undefined> {
  try {
    const [, value] = (await client.config('GET', setting)) as string[];
    return value;
  } catch {
    return undefined;
  }
}
