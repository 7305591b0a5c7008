import type { Processor } from '@rootcellar/jobs';
import { ArchiveError } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';

export function scrubProcessor(archive: Archive): Processor {
  return async (payload, { signal, report }) => {
    if (!('householdId' in payload))
      throw new ArchiveError('INPUT_INVALID', 'A scrub needs a household.');
    return archive.scrubVault.execute(payload.householdId, {
      signal,
      onProgress: async (progress) => report({ ...progress }),
    });
  };
}
