import type { Schemas } from '@rootcellar/client';
import { ArchiveError } from '@rootcellar/model';
import type { Service } from '../service.js';

const PAGE = 1000;
/** A household with more gaps than that names the version itself. */
const MAX_PAGES = 20;

/** A version that nobody kept, by its id in `app gaps --json`. @throws ArchiveError NOT_FOUND, STORE_NO_SUCH_VERSION */
export async function findGap(
  service: Service,
  id: string,
): Promise<{
  readonly bundleId: string;
  readonly externalVersionId: string;
  readonly itemId?: string;
}> {
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query: { limit: number; cursor?: string } = {
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    };
    const found: Schemas['GapPageDto'] = await service.call(async (api, signal) =>
      api.GET('/api/v1/gaps', { params: { query }, signal }),
    );
    const gap = found.items.find((one) => one.id === id);
    if (gap !== undefined) return wantedOf(gap);
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  throw new ArchiveError('NOT_FOUND', 'There is no such gap. Nothing was fetched.', {
    hint: '`rootcellar app gaps --json` has the ids; or give the bundle id with --version-id.',
  });
}

function wantedOf({
  bundleId,
  externalVersionId,
  itemId,
}: Schemas['FoundGapDto']): Awaited<ReturnType<typeof findGap>> {
  if (externalVersionId === null) {
    throw new ArchiveError(
      'STORE_NO_SUCH_VERSION',
      'No backup says which version of the store that was, so it cannot be named to the store. Nothing was fetched.',
    );
  }
  return { bundleId, externalVersionId, ...(itemId === null ? {} : { itemId }) };
}
