import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { CommandFailed } from '../programs/run-command.js';

/** A signed-in program on one service that keeps its connections, as agents do. */
export interface ServiceClient {
  /** The answer to a POST of bytes. @throws CommandFailed when it is no success */
  send(path: string, body: Uint8Array): Promise<Buffer>;
  post<T>(path: string, value: object): Promise<T>;
  get<T>(path: string): Promise<T>;
  close(): void;
}

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly type?: string;
  readonly body?: Uint8Array;
}

export async function signIn(
  url: string,
  credentials: { readonly email: string; readonly password: string },
): Promise<ServiceClient> {
  const unknown = clientOf(url, {});
  const { token } = await unknown.post<{ token: string }>('/api/v1/sessions', credentials);
  unknown.close();
  return clientOf(url, { authorization: `Bearer ${token}` });
}

function clientOf(url: string, headers: Readonly<Record<string, string>>): ServiceClient {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);

  async function ask({ method, path, type, body }: Asked): Promise<Buffer> {
    const asked = request({
      ...{ agent, hostname, port, method, path },
      headers: {
        ...headers,
        ...(type === undefined ? {} : { 'content-type': type }),
        'content-length': String(body?.length ?? 0),
      },
    });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    asked.end(body);
    const [answer] = await answered;
    const parts: Buffer[] = [];
    for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
    const text = Buffer.concat(parts);
    if ((answer.statusCode ?? 0) >= 300) {
      throw new CommandFailed(`${method} ${path}: ${answer.statusCode} ${text.toString()}`);
    }
    return text;
  }

  return {
    send: async (path, body) =>
      ask({ method: 'POST', path, type: 'application/octet-stream', body }),
    post: async <T>(path: string, value: object) => {
      const body = Buffer.from(JSON.stringify(value));
      const answer = await ask({ method: 'POST', path, type: 'application/json', body });
      return JSON.parse(answer.toString()) as T;
    },
    get: async <T>(path: string) =>
      JSON.parse((await ask({ method: 'GET', path })).toString()) as T,
    close: () => agent.destroy(),
  };
}
