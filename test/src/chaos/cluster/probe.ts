import { ADMINISTRATOR, PASSWORD } from '@rootcellar/testkit';

/** Asks the service without patience. */
export interface Probe {
  /** The JSON of an answer. @throws Error when there is none, or it is no success */
  ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T>;
}

const ASK_MS = 10_000;

/** A sign-in of its own. */
export async function openProbe(url: string): Promise<Probe> {
  const ask = async <T>(
    { method, path }: { readonly method: string; readonly path: string },
    body: object | undefined,
    token?: string,
  ): Promise<T> => {
    const answer = await fetch(new URL(path, url), {
      ...{ method, signal: AbortSignal.timeout(ASK_MS) },
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const { token } = await ask<{ token: string }>(
    { method: 'POST', path: '/api/v1/sessions' },
    { email: ADMINISTRATOR.email, password: PASSWORD },
  );
  return { ask: async (method, path, body) => ask({ method, path }, body, token) };
}
