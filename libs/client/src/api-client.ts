import createOpenApiClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { ApiError, isProblem } from './api-error.js';
import { TRACEPARENT, traceparentOf } from './trace-context.js';
import type { components, paths } from './generated/api.js';

/** The JSON API, typed from the service's OpenAPI document. A refusal is thrown as an {@link ApiError}. */
export type ApiClient = Client<paths>;
export type Schemas = components['schemas'];

export interface ApiClientSettings {
  /** For example `http://127.0.0.1:4470`. */
  readonly baseUrl: string;
  readonly token?: string | undefined;
  /** Of the command that asks, see `newTraceId`. */
  readonly traceId?: string | undefined;
  readonly fetch?: (request: Request) => Promise<Response>;
}

export function createApiClient(settings: ApiClientSettings): ApiClient {
  const client = createOpenApiClient<paths>({
    baseUrl: settings.baseUrl,
    ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
  });
  client.use({
    onRequest({ request }) {
      if (settings.token !== undefined)
        request.headers.set('authorization', `Bearer ${settings.token}`);
      if (settings.traceId !== undefined)
        request.headers.set(TRACEPARENT, traceparentOf(settings.traceId));
      return request;
    },
    async onResponse({ response }) {
      if (!response.ok) throw new ApiError(await problemOf(response));
      return response;
    },
  });
  return client;
}

async function problemOf(response: Response): Promise<ApiError['problem']> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return body;
  const { status, statusText } = response;
  return {
    status,
    code: status === 503 ? 'SERVER_BUSY' : 'INTERNAL',
    title: statusText,
    detail: `The service answered ${String(status)}.`,
  };
}
