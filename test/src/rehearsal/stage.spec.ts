import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkoutFile } from '../deployment/checkout-file.js';
import { readComposeFile } from './compose-file.js';
import { makeStage } from './stage.js';
import type { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = makeStage({
    compose: await readComposeFile(checkoutFile('docker-compose.yml'), {
      ...{ RUN_AS_UID: '1', RUN_AS_GID: '1' },
    }),
    ...{ room: '/room', secrets: '/room/secrets', network: '127.9.8' },
    elsewhere: { 'postgres:5432': '127.0.0.1:40001', 'minio:9000': '127.0.0.1:40002' },
    ports: { '80': '40003', '443': '40004' },
    programs: { node: '/opt/node', 'valkey-server': 'redis-server' },
  });
});

describe('the stage', () => {
  it('maps hosts, addresses and paths of settings, and leaves the rest as it is', () => {
    const api = stage.address('api-2');

    expect(stage.environment('api-2')).toMatchObject({
      ROOTCELLAR_DATABASE_URL: 'postgres://rootcellar@127.0.0.1:40001/rootcellar',
      ROOTCELLAR_REDIS_URL: `redis://${stage.address('valkey')}:6379/0`,
      ROOTCELLAR_S3_ENDPOINT: 'http://127.0.0.1:40002',
      ROOTCELLAR_MASTER_KEY_FILE: '/room/secrets/master-key',
      ROOTCELLAR_SCRATCH: '/room/memory/api-2/scratch',
      ...{ ROOTCELLAR_HOST: api, ROOTCELLAR_PORT: '4470', ROOTCELLAR_S3_REGION: 'us-east-1' },
    });
    expect(stage.command('api-2')).toEqual(['/opt/node', 'apps/api/dist/main.js']);
  });

  it('gives each service an address of its own', () => {
    const names = Object.keys(stage.compose.services);

    expect(new Set(names.map((name) => stage.address(name))).size).toBe(names.length);
  });

  it('maps what stands in the text of a shell', () => {
    const [, , text] = stage.command('valkey');

    expect(text).toContain('exec redis-server - <<CONFIG');
    expect(text).toContain(`bind ${stage.address('valkey')}`);
    expect(text).toContain('dir /room/volumes/valkey');
    expect(text).toContain('$(cat /room/secrets/valkey-password)');
  });

  it('maps the ports of the proxy, and the processes it asks', () => {
    expect(stage.environment('caddy')).toMatchObject({
      API_UPSTREAMS: `${stage.address('api-1')}:4470 ${stage.address('api-2')}:4470`,
      ADMIN_ADDRESS: `${stage.address('caddy')}:2019`,
      ...{ HTTP_PORT: '40003', HTTPS_PORT: '40004', XDG_DATA_HOME: '/room/volumes/caddy-data' },
    });
    expect(stage.command('caddy')).toContain(checkoutFile('deploy/caddy/Caddyfile'));
  });
});
