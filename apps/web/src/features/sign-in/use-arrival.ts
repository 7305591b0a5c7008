import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { meQuery, methodsQuery } from './queries.js';

/** What is to be done when somebody has just signed in: everything that was read before is another's, then on to the page. */
export function useArrival(): (to: string) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (to) => {
    const methods = queryClient.getQueryData(methodsQuery.queryKey);
    queryClient.clear();
    if (methods !== undefined)
      queryClient.setQueryData(methodsQuery.queryKey, { ...methods, setUp: true });
    await queryClient.query(meQuery);
    await router.navigate({ to });
    await router.invalidate();
  };
}
