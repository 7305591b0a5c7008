import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '@rootcellar/standalone';
import { ensurePrograms, freePort, makeTemporaryFolder, programPath } from '@rootcellar/testkit';
import type { S3Server } from '@rootcellar/testkit';
import { checkoutFile } from '../deployment/checkout-file.js';
import { readComposeFile } from './compose-file.js';
import { makeBucket } from './make-bucket.js';
import { makeRole } from './make-role.js';
import { makeStage } from './stage.js';
import type { Stage } from './stage.js';

/** The stage with the servers that are no actors on it: PostgreSQL and the S3 store. Valkey and Caddy play themselves. */
export interface OpenStage extends AsyncDisposable {
  readonly stage: Stage;
  readonly room: string;
  /** Folder of the secrets, as deploy/make-secrets made them but for the keys of the S3 user. */
  readonly secrets: string;
  /** Where agents come in, through Caddy. */
  readonly url: string;
  /** The same without TLS, which Caddy turns away. */
  readonly plainUrl: string;
}

const PROGRAMS = { caddy: 'caddy', 'redis-server': 'redis-server', setpriv: 'util-linux' };
const quiet = { info: () => undefined, warn: () => undefined };

export async function openStage(s3: S3Server): Promise<OpenStage> {
  await ensurePrograms(PROGRAMS);
  await using opened = new AsyncDisposableStack();
  const folder = await makeTemporaryFolder('rootcellar-rehearsal');
  opened.defer(async () => folder.remove());
  const room = folder.path;
  const secrets = await makeSecrets(room, s3);
  const postgres = await startEmbeddedPostgres({ folder: join(room, 'postgres'), log: quiet });
  opened.defer(async () => postgres.stop());
  const password = await readFile(join(secrets, 'database-password'), 'utf8');
  await makeRole(postgres.connection, password);
  await makeBucket(s3, 'rootcellar');

  const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const [http, https] = [String(await freePort()), String(await freePort())];
  const variables = { RUN_AS_UID: '0', RUN_AS_GID: '0', SITE_ADDRESS: '', TLS: 'internal' };
  const path = checkoutFile('docker-compose.yml');
  const { services } = await readComposeFile(path, variables);
  const doorAddress = `${network}.${Object.keys(services).indexOf('caddy') + 10}`;
  const stage = makeStage({
    compose: await readComposeFile(path, { ...variables, SITE_ADDRESS: doorAddress }),
    ...{ room, secrets, network },
    elsewhere: {
      'postgres:5432': `127.0.0.1:${postgres.connection.port}`,
      'minio:9000': new URL(s3.endpoint).host,
    },
    ports: { '80': http, '443': https },
    programs: {
      node: process.execPath,
      caddy: (await programPath('caddy')) ?? 'caddy',
      'valkey-server': 'redis-server',
    },
  });
  const closing = opened.move();
  return {
    ...{ stage, room, secrets },
    url: `https://${doorAddress}:${https}`,
    plainUrl: `http://${doorAddress}:${http}`,
    [Symbol.asyncDispose]: async () => closing.disposeAsync(),
  };
}

async function makeSecrets(room: string, s3: S3Server): Promise<string> {
  const secrets = join(room, 'secrets');
  await promisify(execFile)(checkoutFile('deploy', 'make-secrets'), [secrets]);
  // The S3 store is not ours to make users in.
  await writeFile(join(secrets, 's3-access-key'), s3.guest.accessKey);
  await writeFile(join(secrets, 's3-secret-key'), s3.guest.secretKey);
  return secrets;
}
