/**
 * What a link brought behind its `#`: set-up token, invitation, code of a terminal. Browsers do not send that part. It is taken out of the
 * address bar before anything else runs, so it stays in no history, and lives in memory alone, except while the browser is away at a sign-in
 * provider: then in the storage of this tab, until it is back.
 */
const STORED_AS = 'rootcellar-link';
const CARRYING = new Set(['/setup', '/invitation', '/approve']);

interface LinkSecret {
  readonly path: string;
  readonly text: string;
}

const listeners = new Set<() => void>();
let held: LinkSecret | undefined = takeStored();

takeFromAddress();
// The link pasted into the tab that shows its page already loads nothing anew.
window.addEventListener('hashchange', takeFromAddress);

/** @returns what a link to this page brought; empty when nothing did */
export function linkSecret(path: string): string {
  return held?.path === path ? held.text : '';
}

/** It was used, or it is of no use. */
export function forgetLinkSecret(): void {
  held = undefined;
  tell();
}

/** Before the browser leaves for a sign-in provider. */
export function keepLinkSecretWhileAway(): void {
  if (held !== undefined) window.sessionStorage.setItem(STORED_AS, JSON.stringify(held));
}

/** For `useSyncExternalStore`. */
export function onLinkSecret(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function takeFromAddress(): void {
  const { hash, pathname, search } = window.location;
  if (hash.length < 2 || !CARRYING.has(pathname)) return;
  held = { path: pathname, text: hash.slice(1).trim() };
  window.history.replaceState(window.history.state, '', `${pathname}${search}`);
  tell();
}

function takeStored(): LinkSecret | undefined {
  const text = window.sessionStorage.getItem(STORED_AS);
  window.sessionStorage.removeItem(STORED_AS);
  return text === null ? undefined : (JSON.parse(text) as LinkSecret);
}

function tell(): void {
  for (const listener of listeners) listener();
}
