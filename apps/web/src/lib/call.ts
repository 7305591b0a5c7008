import { api } from './api.js';

interface Requesting {
  request(
    method: string,
    path: string,
    init: { readonly body?: unknown },
  ): Promise<{ readonly data?: unknown }>;
}

/** One call of the API. @throws ApiError when the service refuses */
export async function call<Answer = void>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const requesting = api as unknown as Requesting;
  const { data } = await requesting.request(
    method.toLowerCase(),
    path,
    body === undefined ? {} : { body },
  );
  return data as Answer;
}
