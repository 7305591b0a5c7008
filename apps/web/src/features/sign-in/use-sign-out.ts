import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { forgetLinkSecret } from '../../lib/link-secret.js';
import { meQuery, methodsQuery, signOut } from './queries.js';

/** Ends the sign-in of this browser; nothing of what was read stays in memory. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    await signOut().catch(() => undefined);
    forgetLinkSecret();
    const methods = queryClient.getQueryData(methodsQuery.queryKey);
    queryClient.clear();
    if (methods !== undefined) queryClient.setQueryData(methodsQuery.queryKey, methods);
    // Whether it worked, the service says.
    await queryClient.query(meQuery).catch(() => undefined);
    await router.navigate({ to: '/' });
    await router.invalidate();
  };
}
