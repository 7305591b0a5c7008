import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { startCephRgw } from './ceph-rgw.js';

/** Where specs ask for servers that one test run shares. */
export interface ServerDesk {
  readonly url: string;
  /** Stops every server that somebody asked for. */
  close(): Promise<void>;
}

interface SharedServer {
  stop(): Promise<void>;
}

const STARTERS: Readonly<Record<string, () => Promise<SharedServer>>> = {
  'ceph-rgw': startCephRgw,
};

/** Starts a server when the first spec asks for it, and gives it to all who ask later: a run that needs none starts none. */
export async function openServerDesk(starters = STARTERS): Promise<ServerDesk> {
  const running = new Map<string, Promise<SharedServer>>();
  const give = async (name: string, response: ServerResponse): Promise<void> => {
    const starter = starters[name];
    if (starter === undefined) {
      answer(response, 404, `No test server is called ${name}.`);
      return;
    }
    let server = running.get(name);
    if (server === undefined) running.set(name, (server = starter()));
    try {
      answer(response, 200, await server);
    } catch (error) {
      answer(response, 500, error instanceof Error ? error.message : String(error));
    }
  };
  const desk = createServer((request, response) => {
    void give((request.url ?? '').slice(1), response);
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  const address = desk.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`,
    close: async () => {
      desk.closeAllConnections();
      desk.close();
      const servers = await Promise.allSettled(running.values());
      for (const server of servers) if (server.status === 'fulfilled') await server.value.stop();
    },
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
