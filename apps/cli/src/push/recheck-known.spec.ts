import { describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noise } from '../testing/noise.js';
import { PushParts } from '../testing/push-parts.js';
import { SmallService } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { unpackRefs } from './commit-backup.js';
import type { RememberedFile } from './push-memory.js';
import { recheckKnown } from './recheck-known.js';
import { sendUnread } from './send-unread.js';

const FILES = {
  empty: Buffer.alloc(0),
  first: noise(500_000),
  second: noise(10),
  third: noise(20),
};

/** A folder whose files are all known. */
async function sentBefore(service: SmallService, folder: string): Promise<PushParts> {
  for (const [name, bytes] of Object.entries(FILES)) await writeFile(join(folder, name), bytes);
  const parts = await PushParts.of(service, { folder });
  await sendUnread(parts.sending);
  Object.assign(parts.sent, { files: 0, bytes: 0 });
  return parts;
}

function names(pages: Iterable<RememberedFile[]>): string[] {
  return [...pages].flat().map(({ path }) => path);
}

describe('asking for what is known from before', () => {
  it('finds everything where nothing was lost', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await using parts = await sentBefore(service, temp.path);

    await recheckKnown(parts.sending);

    expect(names(parts.sending.memory.known())).toEqual(Object.keys(FILES));
    expect(parts.sent).toEqual({ files: 4, bytes: 500_030 });
  });

  it('forgets exactly the files of which a chunk is lacking', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await using parts = await sentBefore(service, temp.path);
    const first = [...parts.sending.memory.known()].flat().find(({ path }) => path === 'first');
    const last = unpackRefs(first?.refs ?? new Uint8Array()).at(-1);
    if (last !== undefined) service.chunks.delete(last.id);

    await recheckKnown(parts.sending);

    expect(names(parts.sending.memory.unread())).toEqual(['first']);
    expect(parts.sent).toEqual({ files: 3, bytes: 30 });
    await sendUnread(parts.sending);
    expect(last !== undefined && service.chunks.has(last.id)).toBe(true);
  });

  it('stops when it is told to', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await using parts = await sentBefore(service, temp.path);

    const recheck = recheckKnown({ ...parts.sending, signal: AbortSignal.abort() });

    await expect(recheck).rejects.toMatchObject({ name: 'AbortError' });
    expect(names(parts.sending.memory.unread())).toEqual([]);
  });
});
