import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { forgetOthers } from './forget-others.js';
import { meQuery, methodsQuery } from './queries.js';

/** What is to be done when somebody has just signed in: everything that was read before is another's, then on to the page. */
export function useArrival(): (to: string) => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async (to) => {
    forgetOthers(queryClient);
    queryClient.setQueryData(
      methodsQuery.queryKey,
      (methods) => methods && { ...methods, setUp: true },
    );
    await queryClient.query({ ...meQuery, staleTime: 0 });
    await router.navigate({ to });
  };
}
