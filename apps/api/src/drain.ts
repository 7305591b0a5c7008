import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Balancers ask every second or two: until they know, a new connection is taken. */
const KNOWN_MS = 2_000;

/**
 * Says that it is not ready any more, and once balancers know takes no new connection; then waits until every request that came is answered,
 * at most so long. Whoever keeps a connection is told with its next answer that this was the last one: behind a balancer nobody notices that
 * a replica stops.
 */
export async function drain(
  server: Server,
  readiness: { leave(): void },
  seconds: number,
): Promise<void> {
  readiness.leave();
  server.prependListener('request', (_request, response) =>
    response.setHeader('Connection', 'close'),
  );
  const until = performance.now() + seconds * 1000;
  await setTimeout(Math.min(KNOWN_MS, seconds * 1000));
  server.close();
  while ((await connectionsOf(server)) > 0 && performance.now() < until) {
    // Those without a request.
    server.closeIdleConnections();
    await setTimeout(LOOK_EVERY_MS);
  }
}

async function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}
