import { beforeAll, describe, expect, it } from '@jest/globals';
import { readComposeFile } from '../rehearsal/compose-file.js';
import type { ComposeFile, ComposeService } from '../rehearsal/compose-file.js';
import { checkoutFile } from './checkout-file.js';

// What `dclint` cannot know: the rules that this set-up is built on. `npm run check` holds the rest.
const OPERATOR = { RUN_AS_UID: '1000', RUN_AS_GID: '1000' };
const ROOT_FOR_A_MOMENT = 'volumes';

let compose: ComposeFile;
let services: [name: string, service: ComposeService][];
beforeAll(async () => {
  compose = await readComposeFile(checkoutFile('docker-compose.yml'), OPERATOR);
  services = Object.entries(compose.services);
});

const seconds = (text = ''): number => {
  const { m = '0', s = '0' } = /^(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?$/.exec(text)?.groups ?? {};
  return Number(m) * 60 + Number(s);
};
const isOneShot = ({ restart }: ComposeService): boolean => restart === 'no';

describe('every container', () => {
  it('has no capability it need not have, and cannot get one', () => {
    expect(services.filter(([, { cap_drop: drop }]) => drop?.join() !== 'ALL')).toEqual([]);
    expect(
      services.filter(([, { security_opt: opt }]) => opt?.join() !== 'no-new-privileges:true'),
    ).toEqual([]);
    expect(
      services.flatMap(([name, { cap_add: add = [] }]) => (add.length > 0 ? [[name, add]] : [])),
    ).toEqual([
      ['volumes', ['CHOWN']],
      ['caddy', ['NET_BIND_SERVICE']],
    ]);
  });

  it('cannot write its own root file system, and has a limit of memory', () => {
    expect(services.filter(([, service]) => service.read_only !== true)).toEqual([]);
    expect(services.filter(([, service]) => service.mem_limit === undefined)).toEqual([]);
  });

  it('runs as the owner of the secrets; only the one that gives volumes away is root, without network and secrets', () => {
    const others = services.filter(([name]) => name !== ROOT_FOR_A_MOMENT);
    expect(others.filter(([, { user }]) => user !== '1000:1000')).toEqual([]);
    expect(compose.services[ROOT_FOR_A_MOMENT]).toMatchObject({
      network_mode: 'none',
      restart: 'no',
    });
    expect(compose.services[ROOT_FOR_A_MOMENT]?.secrets).toBeUndefined();
  });

  it('comes from an exact tag or a digest, but for the one that is built here', () => {
    const images = new Set(services.map(([, { image }]) => image));

    images.delete('rootcellar:local');
    expect(
      [...images].filter((image) => !/:[^@]*\d+\.\d+|@sha256:[0-9a-f]{64}$/.test(image)),
    ).toEqual([]);
  });

  it('runs for good with a health check, bounded logs and a restart, or once', () => {
    const lasting = services.filter(([, service]) => !isOneShot(service));

    expect(lasting.filter(([, { restart }]) => restart !== 'unless-stopped')).toEqual([]);
    expect(
      lasting.filter(([, { logging }]) => logging?.options?.['max-size'] === undefined),
    ).toEqual([]);
    // The processes' is in the image.
    expect(
      lasting
        .filter(
          ([, { healthcheck, image }]) => healthcheck === undefined && image !== 'rootcellar:local',
        )
        .map(([name]) => name),
    ).toEqual([]);
  });
});

describe('the processes', () => {
  const processes = (): [string, ComposeService][] =>
    services.filter(([, { image }]) => image === 'rootcellar:local');

  it('are given more time to stop than they drain', () => {
    const tight = processes().filter(
      ([, { stop_grace_period: grace, environment }]) =>
        seconds(grace) <= Number(environment?.['ROOTCELLAR_DRAIN_SECONDS']),
    );

    expect(processes()).toHaveLength(5);
    expect(tight).toEqual([]);
  });

  it('start after the schema is there, which waits for the servers', () => {
    const after = processes().map(([name, { depends_on: on }]) => [name, Object.keys(on ?? {})]);

    expect(Object.fromEntries(after)).toEqual({
      ...{ migrate: ['postgres', 'valkey', 'bucket'], 'api-1': ['migrate'], 'api-2': ['migrate'] },
      ...{ 'worker-1': ['migrate'], 'worker-2': ['migrate'] },
    });
  });

  it('name every secret of theirs by the file that is mounted', () => {
    const unmounted = services.flatMap(([name, { environment = {}, secrets = [] }]) =>
      Object.values(environment)
        .filter((value) => value.startsWith('/run/secrets/'))
        .filter((value) => !secrets.includes(value.slice('/run/secrets/'.length)))
        .map((value) => `${name} ${value}`),
    );

    expect(unmounted).toEqual([]);
  });
});

describe('the networks', () => {
  it('let nobody in but through Caddy, and nobody out but Caddy', () => {
    const open = Object.entries(compose.networks).filter(([, value]) => value?.internal !== true);

    expect(open.map(([name]) => name)).toEqual(['edge']);
    expect(
      services.filter(([, { networks }]) => networks?.includes('edge') === true).map(first),
    ).toEqual(['caddy']);
    expect(services.filter(([, { ports }]) => ports !== undefined).map(first)).toEqual(['caddy']);
    expect(compose.services['caddy']?.networks).not.toContain('back');
  });
});

describe('the developers’ file', () => {
  it('opens ports on this machine only, and starts none of the processes by itself', async () => {
    const dev = await readComposeFile(checkoutFile('compose.dev.yml'), {});
    const added = Object.entries(dev.services);
    const ports = added.flatMap(([, service]) => service.ports ?? []);

    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(ports).not.toEqual([]);
    expect(added.filter(([, service]) => 'profiles' in service).map(first)).toEqual([
      'migrate',
      'api-1',
      'api-2',
      'worker-1',
      'worker-2',
      'caddy',
    ]);
  });
});

function first<T>([value]: readonly [T, ...unknown[]]): T {
  return value;
}
