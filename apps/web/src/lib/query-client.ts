import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '@rootcellar/client';

const TRIES = 2;

/**
 * What the service said lately. A refusal is an answer: only what may pass is asked again.
 * @param signInEnded is told when something is refused because nobody is signed in
 */
export function makeQueryClient(signInEnded: (client: QueryClient) => void): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (statusOf(error) === 401) signInEnded(client);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < TRIES && (statusOf(error) ?? 500) >= 500,
      },
      mutations: { retry: false },
    },
  });
  return client;
}

/** Undefined when no answer came. */
function statusOf(error: Error): number | undefined {
  return error instanceof ApiError ? error.problem.status : undefined;
}
