import { useSyncExternalStore } from 'react';
import { linkSecret, onLinkSecret } from './link-secret.js';

/** @returns what the link to this page brought; empty when there is none, or it was used */
export function useLinkSecret(path: string): string {
  return useSyncExternalStore(onLinkSecret, () => linkSecret(path));
}
