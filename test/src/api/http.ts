import { once } from 'node:events';
import { request as open } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { expect } from '@jest/globals';
import { ADMINISTRATOR, PASSWORD } from '@rootcellar/testkit';

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface HttpRequest {
  readonly method?: string;
  /** Sent as it is, also where `URL` would mend it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** What RFC 9457 and docs/errors.md make of an error. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** HTTP as it is, without the agent's manners. */
export interface Http {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Begins a request whose body the caller writes. */
  begin(request: Omit<HttpRequest, 'body'>): ClientRequest;
  /** The JSON of an answer that must be a success. */
  json<T>(request: HttpRequest): Promise<T>;
}

/** @param token none without it */
export function httpOf(url: string, token?: string): Http {
  const begin: Http['begin'] = ({ method = 'GET', path, headers }) => {
    const { hostname, port } = new URL(url);
    const signedIn = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const all = { ...signedIn, ...headers };
    return open({ hostname, port, path, method, headers: all, agent: false });
  };
  const send: Http['send'] = async ({ body, ...request }) => {
    const asked = begin(request);
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    asked.end(body);
    const [answer] = await answered;
    // A refusal may come before we have sent everything: what fails after it does not matter.
    asked.on('error', () => undefined);
    const parts: Buffer[] = [];
    for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
    const { statusCode = 0, headers } = answer;
    return { status: statusCode, headers, body: Buffer.concat(parts) };
  };
  return {
    send,
    begin,
    async json<T>(request: HttpRequest) {
      const answer = await send(request);
      if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.body.toString()}`);
      return JSON.parse(answer.body.toString()) as T;
    },
  };
}

/** A new sign-in of the first administrator. */
export async function signedInHttp(url: string): Promise<Http> {
  const credentials = { email: ADMINISTRATOR.email, password: PASSWORD };
  const { token } = await httpOf(url).json<{ token: string }>(
    jsonRequest('/api/v1/sessions', credentials),
  );
  return httpOf(url, token);
}

export function jsonRequest(path: string, value: unknown, method = 'POST'): HttpRequest {
  const headers = { 'content-type': 'application/json' };
  return { method, path, headers, body: JSON.stringify(value) };
}

/** @returns the problem, after a look at its form */
export function verifyProblem(answer: HttpAnswer, status: number, code: string): ProblemDocument {
  const problem = JSON.parse(answer.body.toString()) as ProblemDocument;
  expect([answer.status, problem.code]).toEqual([status, code]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(problem).toMatchObject({
    type: `urn:rootcellar:error:${code}`,
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/./),
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  return problem;
}
