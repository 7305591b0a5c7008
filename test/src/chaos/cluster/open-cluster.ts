import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { redisConnection } from '@rootcellar/jobs';
import { openS3ObjectStore } from '@rootcellar/object-store';
import type { ListedObject, S3Settings } from '@rootcellar/object-store';
import { s3Operator } from '@rootcellar/object-store/testing/s3-operator';
import { ensurePrograms, startRedis } from '@rootcellar/testkit';
import type { S3Server } from '@rootcellar/testkit';
import { checkoutFile } from '../../deployment/checkout-file.js';
import { booksOf } from '../books.js';
import type { Books } from '../books.js';
import { startDatabase } from './database-server.js';
import { buildGate } from './gate.js';
import type { Gate } from './gate.js';
import type { Servers } from './outages.js';
import { awaitReady, migrate, supervise } from './supervised.js';
import type { Supervised } from './supervised.js';

/** The grown-up set-up: processes, the servers they need, and a balancer in front of the apis. */
export interface Cluster extends AsyncDisposable {
  readonly url: string;
  readonly setupTokenFile: string;
  readonly apis: readonly Supervised[];
  readonly workers: readonly Supervised[];
  readonly servers: Servers;
  /** The balancer. */
  readonly front: Gate;
  openBooks(): Promise<Books>;
  /** Bytes of all packs in the bucket. */
  bucketBytes(): Promise<number>;
}

/** Each process takes one or two more; the embedded server has 60. */
const POOL = 8;
const PACK = '/packs/';

export async function openCluster(room: string, s3: S3Server): Promise<Cluster> {
  await ensurePrograms({ setpriv: 'util-linux', 'redis-server': 'redis-server' });
  await using opened = new AsyncDisposableStack();
  await mkdir(room, { recursive: true });
  const secrets = join(room, 'secrets');
  await promisify(execFile)(checkoutFile('deploy', 'make-secrets'), [secrets]);
  const database = opened.use(await startDatabase(room));
  const redis = opened.use(
    await startRedis({ persistent: true, settings: ['maxmemory-policy noeviction'] }),
  );
  const bucket = `chaos-${Date.now().toString(36)}`;
  const settings = await makeBucket(s3, bucket);
  const s3Gate = opened.use(await buildGate(Number(new URL(s3.endpoint).port)));
  const { connection } = database;
  const files = {
    'database-password': connection.password,
    'redis-password': redis.password,
    's3-access-key': s3.accessKey,
    's3-secret-key': s3.secretKey,
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(secrets, name), text, { mode: 0o600 });
  }
  const at = `${connection.host}:${connection.port}/${connection.database}`;
  const env = {
    ROOTCELLAR_DATABASE_URL: `postgres://${connection.user}@${at}`,
    ROOTCELLAR_DATABASE_PASSWORD_FILE: join(secrets, 'database-password'),
    ROOTCELLAR_DATABASE_POOL: String(POOL),
    ROOTCELLAR_REDIS_URL: redis.url,
    ROOTCELLAR_REDIS_PASSWORD_FILE: join(secrets, 'redis-password'),
    ROOTCELLAR_S3_ENDPOINT: `http://127.0.0.1:${s3Gate.port}`,
    ROOTCELLAR_S3_BUCKET: bucket,
    ROOTCELLAR_S3_ACCESS_KEY_FILE: join(secrets, 's3-access-key'),
    ROOTCELLAR_S3_SECRET_KEY_FILE: join(secrets, 's3-secret-key'),
    ROOTCELLAR_MASTER_KEY_FILE: join(secrets, 'master-key'),
    ROOTCELLAR_SETUP_TOKEN_FILE: join(secrets, 'setup-token'),
  };
  await migrate(room, env);
  const start = async (app: 'api' | 'worker', number: number): Promise<Supervised> => {
    const one = await supervise({ name: `${app}-${number}`, app, room, env });
    opened.defer(async () => {
      await one.stop();
    });
    return one;
  };
  const apis = [await start('api', 1), await start('api', 2)];
  const workers = [await start('worker', 1), await start('worker', 2)];
  await awaitReady([...apis, ...workers]);
  const front = opened.use(await buildGate(...apis.map(({ port }) => port)));
  const closing = opened.move();
  return {
    ...{ apis, workers, front, servers: { redis, database, s3Gate } },
    url: `http://127.0.0.1:${front.port}`,
    setupTokenFile: join(secrets, 'setup-token'),
    openBooks: async () =>
      booksOf({
        connection,
        queue: redisConnection({ url: redis.url, password: redis.password }),
        listPacks: async () => (await listPacks(settings)).map(({ key }) => key),
      }),
    bucketBytes: async () =>
      (await listPacks(settings)).reduce(
        (sum, { key, size }) => sum + (key.includes(PACK) ? size : 0),
        0,
      ),
    [Symbol.asyncDispose]: async () => closing.disposeAsync(),
  };
}

async function makeBucket(s3: S3Server, bucket: string): Promise<S3Settings> {
  const { endpoint, accessKey, secretKey } = s3;
  const settings = {
    ...{ endpoint, bucket, prefix: '', region: 'us-east-1', pathStyle: true },
    credentials: { accessKey, secretKey },
  };
  const operator = s3Operator(settings);
  try {
    await operator.makeBucket();
  } finally {
    operator.close();
  }
  return settings;
}

async function listPacks(settings: S3Settings): Promise<ListedObject[]> {
  const store = await openS3ObjectStore(settings);
  try {
    const objects: ListedObject[] = [];
    for await (const object of store.list('households/')) objects.push(object);
    return objects;
  } finally {
    store.close();
  }
}
