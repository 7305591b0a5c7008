import type { Role, Scope } from '../lib/contract.js';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  admin: 'administrator',
  member: 'member',
  limited: 'member with a limited account',
};

/** What a role means for who is about to have it. */
export const ROLE_MEANS: Readonly<Record<Role, string>> = {
  admin:
    'You keep your own devices, and look after the household: people, disk use, health. Others’ content stays theirs.',
  member: 'You keep your own devices. Nobody else sees what is in their backups.',
  limited:
    'You keep your own devices, and delete nothing. Nobody else sees what is in their backups.',
};

/** What a sign-in of a terminal may do. */
export const SCOPE_WORDS: Readonly<
  Record<Scope, { readonly name: string; readonly means: string }>
> = {
  push: {
    name: 'Send only',
    means: 'It sends backups and packages. It can neither read, nor restore, nor delete anything.',
  },
  restore: { name: 'Send and restore', means: 'It also reads and restores what is yours.' },
  admin: { name: 'Everything you may do', means: 'It can also change settings and delete.' },
};
