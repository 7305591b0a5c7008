import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@rootcellar/client';

const TRIES = 2;

/** What the service said lately. A refusal is an answer: only what may pass is asked again. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) =>
          failures < TRIES && (!(error instanceof ApiError) || error.problem.status >= 500),
      },
      mutations: { retry: false },
    },
  });
}
