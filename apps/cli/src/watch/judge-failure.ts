import type { ArchiveError, ErrorCode } from '@rootcellar/model';

/**
 * What a failure means for a file that was found.
 * `service`: nothing can be kept now, whatever it is; wait and try the same again.
 * `later`: this one not now; others may go first.
 * `unfinished`: it looks as if somebody still wrote it; that it rests for long makes it a refusal.
 * `refused`: not until it changes.
 */
export type Verdict = 'service' | 'later' | 'unfinished' | 'refused';

const BY_CODE: Partial<Readonly<Record<ErrorCode, Verdict>>> = {
  PACKAGE_NOT_ZIP: 'unfinished',
  BACKUP_NOT_FINISHED: 'unfinished',
  BACKUP_PLIST_DAMAGED: 'unfinished',
  BACKUP_MANIFEST_DAMAGED: 'unfinished',
  BACKUP_INCOMPLETE: 'unfinished',
  PACKAGE_CHANGING: 'later',
  BACKUP_CHANGING: 'later',
  PACKAGE_UNREADABLE: 'later',
  BACKUP_NOT_FOUND: 'later',
  // A smaller one may fit.
  QUOTA_EXCEEDED: 'later',
  DEVICE_OF_ANOTHER: 'refused',
  STORAGE_FULL: 'service',
  PROTOCOL_BROKEN: 'service',
  OBJECT_STORE_REFUSED: 'service',
  SCHEMA_OUTDATED: 'service',
};

const BY_KIND: Readonly<Record<ArchiveError['kind'], Verdict>> = {
  unauthenticated: 'service',
  forbidden: 'service',
  unavailable: 'service',
  'too-many': 'service',
  full: 'service',
  conflict: 'later',
  failed: 'later',
  interrupted: 'later',
  invalid: 'refused',
  corrupt: 'refused',
  'not-found': 'refused',
};

export function judgeFailure({ code, kind }: Pick<ArchiveError, 'code' | 'kind'>): Verdict {
  return BY_CODE[code] ?? BY_KIND[kind];
}

/** Milliseconds until the next try, the more the more often it failed already. */
export function pauseAfter(failures: number, { firstMs, mostMs }: Pauses): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(failures, 20));
}

export interface Pauses {
  readonly firstMs: number;
  readonly mostMs: number;
}
