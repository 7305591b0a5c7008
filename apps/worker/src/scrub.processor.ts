import type { Processor } from '@rootcellar/jobs';
import type { Archive } from '@rootcellar/platform';
import { householdOf } from './household-of.js';

export function scrubProcessor(archive: Archive): Processor {
  return async (payload, { signal, report }) =>
    archive.scrubVault.execute(householdOf(payload), {
      signal,
      onProgress: async (progress) => report({ ...progress }),
    });
}
