import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { forgetLinkSecret } from '../../lib/link-secret.js';
import { forgetOthers } from './forget-others.js';
import { meQuery, signOut } from './queries.js';

/** Ends the sign-in of this browser; nothing of what was read stays in memory. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    await signOut().catch(() => undefined);
    forgetLinkSecret();
    await router.navigate({ to: '/' });
    forgetOthers(queryClient);
    // Whether it worked, the service says.
    await queryClient.query({ ...meQuery, staleTime: 0 }).catch(() => undefined);
  };
}
