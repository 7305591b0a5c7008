import type { Processor } from '@rootcellar/jobs';
import type { Archive } from '@rootcellar/platform';

export function tidyUploadsProcessor(archive: Archive): Processor {
  return async (_payload, { signal }) => archive.tidyUploads.execute(signal);
}
