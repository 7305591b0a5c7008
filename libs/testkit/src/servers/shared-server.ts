import type { S3Server } from './ceph-rgw.js';

/** In the environment of every spec that `test/run-tests.mjs` runs. */
export const SERVER_DESK_VARIABLE = 'CELLAR_TEST_SERVERS';

/** How long a spec's `beforeAll` should wait for a shared server: packages may have to be installed first. */
export const SHARED_SERVER_MS = 10 * 60_000;

/**
 * The one Ceph gateway of this test run, started when the first spec asks. Make a bucket or a prefix of your own in it.
 * @throws Error when it cannot be had, with how to get it
 */
export async function sharedCephRgw(): Promise<S3Server> {
  return (await sharedServer('ceph-rgw')) as S3Server;
}

async function sharedServer(name: string): Promise<unknown> {
  const desk = process.env[SERVER_DESK_VARIABLE];
  if (desk === undefined) {
    throw new Error('Start this spec with `npm test -- <path>`: it shares servers with others.');
  }
  const response = await fetch(`${desk}/${name}`, {
    signal: AbortSignal.timeout(SHARED_SERVER_MS),
  });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(String(body));
  return body;
}
