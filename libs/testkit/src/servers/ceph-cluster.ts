import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChildServer } from './child-server.js';
import type { ChildServer } from './child-server.js';
import { freePort } from '../free-port.js';

const run = promisify(execFile);

/** Which Debian package brings what `startCephCluster` runs. */
export const CEPH_PROGRAMS = {
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  ceph: 'ceph-common',
  'ceph-authtool': 'ceph-common',
  'radosgw-admin': 'radosgw',
  radosgw: 'radosgw',
};

/** One monitor and one store in memory: nothing of it outlives its processes. */
export interface CephCluster {
  /** `ceph.conf`, for every program that speaks to it. */
  readonly config: string;
  readonly folder: string;
  readonly servers: readonly ChildServer[];
}

/** What is stored lies in memory, at most this much. */
const MEMORY_BYTES = 8 * 1024 ** 3;
const COMMAND_MS = 60_000;

/**
 * A Ceph cluster on loopback. It has to have cephx keys: without them (`auth none`) the gateway does not start.
 * @param settings further lines of `ceph.conf`
 * @param started is told of each server as soon as it runs, so that a caller can stop them when a later one fails
 */
export async function startCephCluster(
  folder: string,
  settings: string,
  started: (server: ChildServer) => void,
): Promise<CephCluster> {
  const fsid = randomUUID();
  const address = `[v2:127.0.0.1:${await freePort()}/0]`;
  for (const name of ['mon', 'osd', 'rgw', 'run']) await mkdir(join(folder, name));
  const config = join(folder, 'ceph.conf');
  await writeFile(config, `${configOf(folder, fsid, address)}\n${settings}\n`);
  const keyring = join(folder, 'keyring');
  await makeKeys(keyring);
  const map = join(folder, 'monmap');
  await call('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', address, map]);

  const ceph = ['-c', config];
  await call('ceph-mon', [...ceph, '-i', 'a', '--mkfs', '--monmap', map, '--keyring', keyring]);
  const servers: ChildServer[] = [];
  const start = async (program: string, ...words: string[]): Promise<void> => {
    const server = await startChildServer(program, [...ceph, ...words, '-f']);
    servers.push(server);
    started(server);
  };
  await start('ceph-mon', '-i', 'a');
  await call('ceph', [...ceph, 'osd', 'new', fsid]);
  await call('ceph', [...ceph, 'auth', 'add', 'osd.0', '-i', keyring]);
  await call('ceph-osd', [...ceph, '-i', '0', '--mkfs', '--osd-uuid', fsid]);
  await start('ceph-osd', '-i', '0');
  return { config, folder, servers };
}

/** Runs a program of Ceph's to its end. */
export async function call(program: string, words: readonly string[]): Promise<string> {
  const { stdout } = await run(program, words, { timeout: COMMAND_MS });
  return stdout;
}

async function makeKeys(keyring: string): Promise<void> {
  const all = (...services: string[]): string[] =>
    services.flatMap((name) => ['--cap', name, 'allow *']);
  await call('ceph-authtool', [
    ...['--create-keyring', keyring, '--gen-key', '-n', 'mon.', ...all('mon')],
  ]);
  await call('ceph-authtool', [
    ...[keyring, '--gen-key', '-n', 'client.admin', ...all('mon', 'osd', 'mgr')],
  ]);
  await call('ceph-authtool', [
    ...[keyring, '--gen-key', '-n', 'osd.0', '--cap', 'mon', 'allow profile osd', ...all('osd')],
  ]);
}

function configOf(folder: string, fsid: string, address: string): string {
  return `[global]
fsid = ${fsid}
mon_host = ${address}
keyring = ${join(folder, 'keyring')}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
run_dir = ${join(folder, 'run')}
admin_socket = ${join(folder, 'run')}/$name.asok
pid_file = ${join(folder, 'run')}/$name.pid
log_file =
log_to_stderr = true
err_to_stderr = true
mon_cluster_log_to_file = false
mon_data = ${join(folder, 'mon')}
osd_data = ${join(folder, 'osd')}
rgw_data = ${join(folder, 'rgw')}
osd_objectstore = memstore
memstore_device_bytes = ${MEMORY_BYTES}
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
# Each pool is a round of votes; by default each waits a second for others to join it.
paxos_propose_interval = 0.05
mon_data_avail_crit = 1`;
}
