import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { passOn } from './pass-on.js';

/** A point in the talk between command and service: the `nth` request of a kind, or the `nth` piece of the answers to it. */
export interface Passage {
  readonly side: 'request' | 'answer';
  readonly name: string;
  /** Of method and path. */
  readonly request: RegExp;
  readonly nth: number;
}

/** Lies between command and service, so that both can be hit at a point of their talk and not only at a time. */
export interface Wire extends AsyncDisposable {
  readonly url: string;
  /** Where the service listens from now on. */
  leadTo(port: number): void;
  /** Calls back once, before the bytes of the passage go on. @returns how to stop watching */
  watch(passage: Passage, reached: () => void): () => void;
}

interface Watch {
  readonly passage: Passage;
  readonly reached: () => void;
  left: number;
}

const REQUEST_LINE = /(?:GET|POST|DELETE) \/api\/\S+(?= HTTP\/1\.1\r\n)/g;
/** Longer than any request line, so that one cut in two by a packet is found. */
const OVERLAP = 1024;

export async function layWire(): Promise<Wire> {
  let port = 0;
  const watches = new Set<Watch>();
  const open = new Set<Socket>();
  const pass = (side: Passage['side'], request: string): void => {
    for (const watch of watches) {
      if (watch.passage.side !== side || !watch.passage.request.test(request)) continue;
      watch.left -= 1;
      if (watch.left > 0) continue;
      watches.delete(watch);
      watch.reached();
    }
  };
  const server = createServer((agent) => {
    const service = connect(port, '127.0.0.1');
    for (const socket of [agent, service]) {
      open.add(socket.setNoDelay());
      socket.on('close', () => open.delete(socket));
    }
    let seen = '';
    let asked = '';
    passOn(agent, service, (bytes) => {
      seen = seen.slice(-OVERLAP) + bytes.toString('latin1');
      for (const [line] of seen.matchAll(REQUEST_LINE)) {
        asked = line;
        pass('request', line);
        seen = seen.slice(seen.lastIndexOf(line) + line.length);
      }
    });
    passOn(service, agent, () => pass('answer', asked));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a port was asked for');
  return {
    url: `http://127.0.0.1:${address.port}`,
    leadTo: (next) => void (port = next),
    watch: (passage, reached) => {
      const watch = { passage, reached, left: passage.nth };
      watches.add(watch);
      return () => void watches.delete(watch);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
