import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/**
 * Takes no new connection, and waits until every request that came is answered, at most so long. Whoever keeps a connection is told with its
 * next answer that this was the last one: behind a balancer nobody notices that a replica stops.
 */
export async function drain(server: Server, seconds: number): Promise<void> {
  server.prependListener('request', (_request, response) =>
    response.setHeader('Connection', 'close'),
  );
  server.close();
  const until = performance.now() + seconds * 1000;
  while ((await connectionsOf(server)) > 0 && performance.now() < until) {
    // Those without a request.
    server.closeIdleConnections();
    await setTimeout(LOOK_EVERY_MS);
  }
}

async function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}
