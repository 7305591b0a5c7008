import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SHARED_SERVER_MS, ensurePrograms, programPath } from '@rootcellar/testkit';
import { readComposeFile } from '../rehearsal/compose-file.js';
import { checkoutFile } from './checkout-file.js';

const run = promisify(execFile);
const CADDYFILE = checkoutFile('deploy', 'caddy', 'Caddyfile');

let caddy = 'caddy';
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  await ensurePrograms({ caddy: 'caddy' });
  caddy = (await programPath('caddy')) ?? caddy;
  const compose = await readComposeFile(checkoutFile('docker-compose.yml'), {
    ...{ RUN_AS_UID: '1', RUN_AS_GID: '1' },
  });
  environment = compose.services['caddy']?.environment ?? {};
}, SHARED_SERVER_MS);

const asked = async (command: string, also = {}): Promise<{ stdout: string; stderr: string }> =>
  run(caddy, [command, '--config', CADDYFILE, '--adapter', 'caddyfile'], {
    env: { ...environment, ...also, HOME: '/nonexistent' },
  });
const adapted = async (also = {}): Promise<string> => (await asked('adapt', also)).stdout;

describe('the Caddyfile', () => {
  it('is valid with the environment of the compose file', async () => {
    const { stdout, stderr } = await asked('validate', {
      ...{ XDG_DATA_HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' },
    });

    expect(`${stdout}${stderr}`).toContain('Valid configuration');
  });

  it('asks both api processes how they are, and bounds neither bodies nor answers in time', async () => {
    const config = await adapted();

    expect(config).toContain('"upstreams":[{"dial":"api-1:4470"},{"dial":"api-2:4470"}]');
    expect(config).toContain('"uri":"/health/ready"');
    expect(config).toContain('"flush_interval":-1');
    expect(config).not.toMatch(/read_timeout|write_timeout|response_header_timeout|buffer/);
  });

  it('has certificates of its own authority, or of a public one for a given address', async () => {
    expect(await adapted({ TLS: 'internal' })).toContain('"module":"internal"');
    const open = await adapted({ SITE_ADDRESS: 'cellar.example.org', TLS: 'ada@example.org' });
    expect(open).toContain('"email":"ada@example.org"');
    expect(open).toContain('"module":"acme"');
  });
});
