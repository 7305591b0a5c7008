import { ArchiveError } from '@rootcellar/model';

/** The error for a chunk set that is not what RoaringFormatSpec or the catalog says; `why` ends a sentence. */
export function damagedChunkSet(why: string): ArchiveError {
  return new ArchiveError('CHUNK_SET_DAMAGED', `A chunk set is damaged: ${why}.`, {
    hint: 'Nothing was counted or deleted by it. Run `rootcellar admin scrub`: it counts roots anew.',
  });
}
