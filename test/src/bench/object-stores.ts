// `node test/dist/bench/object-stores.js [objects]`: how fast packs go into a folder and into Ceph's S3 gateway in memory, and back.
import { createCipheriv, randomUUID } from 'node:crypto';
import { freemem, loadavg } from 'node:os';
import { objectKey, openFsObjectStore, openS3ObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { s3Operator } from '@rootcellar/object-store/testing/s3-operator';
import { makeTemporaryFolder, startCephRgw } from '@rootcellar/testkit';

const MIB = 1024 * 1024;
const PACK_BYTES = 32 * MIB;
const LANES = [1, 4];

const count = Number(process.argv[2] ?? 24);
const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
const pack = cipher.update(Buffer.alloc(PACK_BYTES));

/** MiB a second of the wall clock, and how much of a core this process took meanwhile. */
async function measure(
  lanes: number,
  act: (at: number, lane: number) => Promise<void>,
): Promise<string> {
  const queue = Array.from({ length: count }, (_, at) => at).values();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const work = Array.from({ length: lanes }, async (_, lane) => {
    for (const at of queue) await act(at, lane);
  });
  await Promise.all(work);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const rate = (count * PACK_BYTES) / MIB / seconds;
  const cores = (user + system) / 1e6 / seconds;
  return `${rate.toFixed(0)} MiB/s (${cores.toFixed(2)} cores)`;
}

async function bench(name: string, store: DeletableObjectStore): Promise<void> {
  for (const lanes of LANES) {
    const keys = Array.from({ length: count }, () => objectKey(`packs/${randomUUID()}`));
    const targets = Array.from({ length: lanes }, () => new Uint8Array(PACK_BYTES));
    const keyAt = (at: number): (typeof keys)[number] => keys[at] ?? objectKey('none');
    const put = await measure(lanes, async (at) => store.put(keyAt(at), [pack]));
    const read = await measure(lanes, async (at, lane) =>
      store.readInto(keyAt(at), 0, targets[lane] ?? pack),
    );
    console.log(`${name}, ${lanes} at once: put ${put}, read ${read}`);
    await store.remove(keys);
  }
}

console.log(
  `${count} objects of 32 MiB; load ${loadavg()[0]?.toFixed(1) ?? '?'}, ${(freemem() / 1024 ** 3).toFixed(0)} GiB free`,
);
await using folder = await makeTemporaryFolder('rootcellar-bench');
await bench('folder', await openFsObjectStore(folder.path));

const begun = performance.now();
await using server = await startCephRgw();
console.log(`Ceph started in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
const { accessKey, secretKey } = server;
for (const [name, endpoint] of [
  ['Ceph RGW in memory, HTTP', server.endpoint],
  ['Ceph RGW in memory, TLS', server.tlsEndpoint],
] as const) {
  const settings = {
    ...{ endpoint, bucket: `bench-${randomUUID()}`, prefix: '', region: 'us-east-1' },
    ...{ pathStyle: true, credentials: { accessKey, secretKey }, ca: server.ca },
  };
  const operator = s3Operator(settings);
  await operator.makeBucket();
  operator.close();
  const store = await openS3ObjectStore(settings);
  await bench(name, store);
  store.close();
}
