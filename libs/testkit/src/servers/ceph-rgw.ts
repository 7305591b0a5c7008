import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { CEPH_PROGRAMS, call, startCephCluster } from './ceph-cluster.js';
import { TEST_DOMAIN, makeCertificate } from './certificate.js';
import type { PrivateCertificate } from './certificate.js';
import { startChildServer } from './child-server.js';
import type { ChildServer } from './child-server.js';
import { ensurePrograms } from './debian-packages.js';

/** How to reach an S3 server, and who one is there. Plain data: it goes from one process of a test run to another. */
export interface S3Server {
  /** For example `http://127.0.0.1:51234`. */
  readonly endpoint: string;
  /** The same by TLS, with a certificate that only `ca` vouches for. */
  readonly tlsEndpoint: string;
  /** PEM. */
  readonly ca: string;
  /** A bucket `b` is also at `b.<domain>`, on the ports of the endpoints; no name server knows it. */
  readonly domain: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Somebody who may do nothing with the other one's buckets but what a policy of theirs says. */
  readonly guest: S3Guest;
  /** `ceph version 16.2.15 …` */
  readonly version: string;
}

export interface S3Guest {
  readonly accessKey: string;
  readonly secretKey: string;
  /** As policies name them. */
  readonly arn: string;
}

export interface RunningS3Server extends S3Server, AsyncDisposable {
  stop(): Promise<void>;
}

const READY_MS = 60_000;

/**
 * Ceph's S3 gateway on a cluster of one node in memory, on loopback and free ports, with a folder of its own. Installs what is missing,
 * see `ensurePrograms`. Takes some seconds and most of a core while it starts: specs share one, see `sharedCephRgw`.
 */
export async function startCephRgw(): Promise<RunningS3Server> {
  await ensurePrograms({ ...CEPH_PROGRAMS, openssl: 'openssl', setpriv: 'util-linux' });
  const folder = await makeTemporaryFolder('rootcellar-ceph');
  const servers: ChildServer[] = [];
  const stop = async (): Promise<void> => {
    // The gateway first: it hangs for long when its cluster is gone.
    for (const server of servers.toReversed()) await server.stop();
    await folder.remove();
  };
  try {
    const server = await startIn(folder.path, (started) => servers.push(started));
    return { ...server, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startIn(folder: string, started: (server: ChildServer) => void): Promise<S3Server> {
  const [port, tlsPort, certificate] = [
    await freePort(),
    await freePort(),
    await makeCertificate(folder),
  ];
  const cluster = await startCephCluster(
    folder,
    gatewaySettings({ port, tlsPort, certificate }),
    started,
  );
  const config = ['-c', cluster.config];
  const owner = await makeUser(config, 'test');
  const guest = await makeUser(config, 'guest');
  const gateway = await startChildServer('radosgw', [...config, '-n', 'client.admin', '-f']);
  started(gateway);
  const endpoint = `http://127.0.0.1:${port}`;
  await Promise.race([untilAnswers(endpoint), gateway.ended]);
  return {
    ...{ endpoint, tlsEndpoint: `https://127.0.0.1:${tlsPort}`, ca: certificate.ca },
    ...{ domain: TEST_DOMAIN, ...owner, guest: { ...guest, arn: 'arn:aws:iam:::user/guest' } },
    version: (await call('radosgw', ['--version'])).trim(),
  };
}

async function makeUser(
  config: readonly string[],
  name: string,
): Promise<{ readonly accessKey: string; readonly secretKey: string }> {
  const accessKey = `${name}${randomBytes(6).toString('hex')}`;
  const secretKey = randomBytes(20).toString('hex');
  await call('radosgw-admin', [
    ...[...config, 'user', 'create', `--uid=${name}`, `--display-name=${name}`],
    ...[`--access-key=${accessKey}`, `--secret-key=${secretKey}`],
  ]);
  return { accessKey, secretKey };
}

interface GatewaySettings {
  readonly port: number;
  readonly tlsPort: number;
  readonly certificate: PrivateCertificate;
}

function gatewaySettings({ port, tlsPort, certificate }: GatewaySettings): string {
  const { certificateFile, keyFile } = certificate;
  const plain = `endpoint=127.0.0.1:${port}`;
  const tls = `ssl_endpoint=127.0.0.1:${tlsPort} ssl_certificate=${certificateFile} ssl_private_key=${keyFile}`;
  // What is deleted goes at once, not after two hours: it lies in memory.
  return `rgw_frontends = beast ${plain} ${tls} tcp_nodelay=1
rgw_dns_name = ${TEST_DOMAIN}
rgw_gc_obj_min_wait = 5
rgw_gc_processor_period = 5
rgw_gc_processor_max_time = 5
rgw_enable_usage_log = false`;
}

async function untilAnswers(endpoint: string): Promise<void> {
  for (let waited = 0; waited < READY_MS; waited += 100) {
    try {
      await (await fetch(endpoint)).text();
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`The S3 gateway did not answer in ${READY_MS / 1000} s.`);
}
