import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { passOn } from '../pass-on.js';

/** The head of an answer that went through: to which request line, with which status. */
export type Heard = (request: string, status: number) => void;

/** A port that leads to servers in turn and leaves out the dead: the balancer, and what makes a server unreachable. */
export interface Gate extends AsyncDisposable {
  readonly port: number;
  leadTo(...ports: readonly number[]): void;
  /** Refuses new connections and resets those that are open. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** Tells of every answer (HTTP without TLS). @returns how to stop listening */
  listen(heard: Heard): () => void;
}

const LISTEN_TRIES = 100;
const LISTEN_AGAIN_MS = 100;

export async function buildGate(...ports: readonly number[]): Promise<Gate> {
  const listeners = new Set<Heard>();
  const sockets = new Set<Socket>();
  let targets = ports;
  let turn = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.setNoDelay());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const admit = async (client: Socket): Promise<void> => {
    keep(client).on('error', () => client.destroy());
    turn += 1;
    for (let tries = 0; tries < targets.length; tries += 1) {
      const server = await reach(targets[(turn + tries) % targets.length] ?? 0);
      if (server === undefined) continue;
      if (client.destroyed) server.destroy();
      else unite(client, keep(server), listeners);
      return;
    }
    client.resetAndDestroy();
  };
  const door = (): Server => createServer({ pauseOnConnect: true }, (client) => void admit(client));
  let server = door();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a port was asked for');
  const { port } = address;
  const shut = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    port,
    shut,
    leadTo: (...next) => void (targets = next),
    open: async () => void (server = await reopen(door, port)),
    listen: (heard) => {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await shut();
    },
  };
}

/** Somebody's outgoing connection may have got the port meanwhile; it will not keep it for long. */
async function reopen(door: () => Server, port: number): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    const server = door();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
      return server;
    } catch (error) {
      if (tries === LISTEN_TRIES) throw error;
    }
    await sleep(LISTEN_AGAIN_MS);
  }
}

async function reach(port: number): Promise<Socket | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return socket;
  } catch {
    return undefined;
  }
}

function unite(client: Socket, server: Socket, listeners: ReadonlySet<Heard>): void {
  let asked = '';
  passOn(client, server, (bytes) => {
    const line = /^(?:GET|POST|PUT|DELETE) \S+(?= HTTP\/1\.1\r\n)/;
    asked = line.exec(bytes.toString('latin1', 0, 512))?.[0] ?? asked;
  });
  passOn(server, client, (bytes) => {
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(bytes.toString('latin1', 0, 16))?.[1];
    if (status !== undefined) for (const heard of listeners) heard(asked, Number(status));
  });
  client.resume();
}
