import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { keepLinkSecretWhileAway } from '../lib/link-secret.js';

interface ProviderLinkProps {
  readonly id: string;
  readonly words: string;
  readonly returnTo: string;
  /** Connects the account that is signed in, instead of signing in. */
  readonly connects?: boolean;
}

/** Leaves this page for a sign-in provider, which sends the browser back. */
export function ProviderLink(props: ProviderLinkProps): ReactNode {
  const { id, words, returnTo, connects = false } = props;
  const query = new URLSearchParams({ returnTo, ...(connects ? { link: '1' } : {}) });
  return (
    <Button
      component="a"
      href={`/sign-in/provider/${encodeURIComponent(id)}?${query.toString()}`}
      variant="default"
      onClick={keepLinkSecretWhileAway}
    >
      {words}
    </Button>
  );
}
