import type { Processor } from '@rootcellar/jobs';
import type { Archive } from '@rootcellar/platform';
import { householdOf } from './household-of.js';

export function retentionProcessor(archive: Archive): Processor {
  return async (payload) => archive.keepUp.applyPolicy(householdOf(payload));
}
