import { CEPH_PROGRAMS } from './ceph-cluster.js';
import type { PackageByProgram } from './debian-packages.js';

/** Everything of the system that some test needs: installed at once, before the first one has a clock running. */
export const TEST_PROGRAMS: PackageByProgram = {
  ...CEPH_PROGRAMS,
  openssl: 'openssl',
  setpriv: 'util-linux',
  chromium: 'chromium',
  'redis-server': 'redis-server',
  'redis-cli': 'redis-tools',
  caddy: 'caddy',
  'systemd-analyze': 'systemd',
};
