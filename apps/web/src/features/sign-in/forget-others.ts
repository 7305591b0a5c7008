import type { QueryClient } from '@tanstack/react-query';
import { meQuery, methodsQuery } from './queries.js';

/**
 * Takes out of memory what was read for whoever was signed in; what a page shows right now is read again. The two queries that every page stands
 * on are left to who calls.
 */
export function forgetOthers(queryClient: QueryClient): void {
  const left = new Set<string>([...meQuery.queryKey, ...methodsQuery.queryKey]);
  void queryClient.resetQueries({ predicate: ({ queryKey }) => !left.has(String(queryKey[0])) });
}
