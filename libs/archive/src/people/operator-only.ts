import { ArchiveError } from '@rootcellar/model';
import type { Principal } from '../ports/people-catalog.js';

/** @throws ArchiveError FORBIDDEN */
export function operatorOnly({ operator }: Pick<Principal, 'operator'>): void {
  if (!operator)
    throw new ArchiveError('FORBIDDEN', 'Only the operator of this server may do this.');
}
