import { ArchiveError } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';

/** @throws ArchiveError FORBIDDEN */
export function administratorOnly(actor: Actor): void {
  if (actor.role !== 'admin')
    throw new ArchiveError('FORBIDDEN', 'Only an administrator of the household may do this.');
}
