import type { QueryClient } from '@tanstack/react-query';
import { meQuery, methodsQuery } from './queries.js';

/** Takes out of memory what was read for whoever was signed in. The two queries that every page stands on stay, to be read again. */
export function forgetOthers(queryClient: QueryClient): void {
  const kept = new Set<string>([...meQuery.queryKey, ...methodsQuery.queryKey]);
  queryClient.removeQueries({ predicate: ({ queryKey }) => !kept.has(String(queryKey[0])) });
}
