import { hash } from 'node:crypto';
import { newId, systemClock } from '@rootcellar/model';
import type { Id } from '@rootcellar/model';

/** Ada, Bob and Kim are of one household; Eve is the administrator of another. */
export const PEOPLE = ['ada', 'bob', 'kim', 'eve'] as const;
export type Person = (typeof PEOPLE)[number];
export const ROLES = { ada: 'admin', bob: 'member', kim: 'limited', eve: 'admin' } as const;

/** How an object stands to who asks. `wide`: the household's; `shared`, `part`: another's, of which all or one app was shared with them. */
export const RELATIONS = ['own', 'wide', 'shared', 'part', 'other', 'foreign', 'unknown'] as const;
export type Relation = (typeof RELATIONS)[number];
export type ObjectKind =
  | 'snapshot'
  | 'artifact'
  | 'device'
  | 'upload'
  | 'share'
  | 'job'
  | 'app'
  | 'member'
  | 'invitation'
  | 'rollback-plan'
  | 'token'
  | 'hold'
  | 'alert';

/** Something that only some may hear of. */
export interface Marker {
  readonly text: string;
  /** `name`: of apps and files; `device`: of devices; `size`: bytes of one thing. */
  readonly kind: 'id' | 'name' | 'device' | 'size';
  readonly seenBy: readonly Person[];
}

export const UNKNOWN = '0197a000-0000-7000-8000-000000000000';
export const APP = 'com.example.notes';

export function freshId(): string {
  return newId<Id>(systemClock);
}

export function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
