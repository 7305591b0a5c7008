import { describe, expect, it } from '@jest/globals';
import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@rootcellar/model';
import { BATCH_MAX_BYTES } from '../crew/batch.js';
import { noise } from '../testing/noise.js';
import { PushParts } from '../testing/push-parts.js';
import { SmallService, refuse } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { unpackRefs } from './commit-backup.js';
import { sendUnread } from './send-unread.js';

/** The SHA-256 of each file as the service could give it back: Jest takes minutes to compare megabytes. */
function contents({ sending }: PushParts, service: SmallService): Record<string, string> {
  const files = [...sending.memory.known()].flat().map(({ path, refs }) => {
    const chunks = unpackRefs(refs ?? new Uint8Array());
    const bytes = chunks.map(({ id }) => service.chunks.get(id) ?? Buffer.alloc(0));
    return [path, sha256(...bytes)] as const;
  });
  return Object.fromEntries(files);
}

const LARGE = BATCH_MAX_BYTES + 1000;

describe('sending the files of a backup', () => {
  it('brings small, large, equal and empty files, each chunk once', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await mkdir(join(temp.path, 'd'));
    const files = {
      empty: Buffer.alloc(0),
      small: Buffer.from('small'),
      'd/equal': Buffer.from('small'),
      'd/medium': noise(300_000),
      large: noise(LARGE, 2),
    };
    for (const [path, bytes] of Object.entries(files))
      await writeFile(join(temp.path, path), bytes);
    await using parts = await PushParts.of(service, { folder: temp.path });

    await sendUnread(parts.sending);

    const digests = Object.entries(files).map(([path, bytes]) => [path, sha256(bytes)]);
    expect(contents(parts, service)).toEqual(Object.fromEntries(digests));
    expect(parts.sent).toEqual({ files: 5, bytes: 10 + 300_000 + LARGE });
    const { newBytes } = parts.sending.shipper.shipped;
    expect(newBytes).toBe(5 + 300_000 + LARGE);
  });

  it('does not send what the vault has', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await writeFile(join(temp.path, 'known'), 'known');
    service.chunks.set(sha256(Buffer.from('known')), Buffer.from('known'));
    await using parts = await PushParts.of(service, { folder: temp.path });

    await sendUnread(parts.sending);

    expect(parts.sending.shipper.shipped).toEqual({ sentBytes: 0, newBytes: 0 });
    expect(service.count('/chunks')).toBe(0);
  });

  it.each([
    ['small', 10],
    ['large', LARGE],
  ])('reads a %s file again that changed, and keeps what it is then', async (_, size) => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const path = join(temp.path, 'file');
    await writeFile(path, noise(size));
    const now = noise(size + 5, 3);
    await using parts = await PushParts.of(service, {
      folder: temp.path,
      onTake: (times) => {
        if (times === 1) writeFileSync(path, now);
      },
    });

    await sendUnread(parts.sending);

    expect(contents(parts, service)['file']).toBe(sha256(now));
    expect([...parts.sending.memory.known()].flat()[0]?.size).toBe(size + 5);
  });

  it('reads a file three times and no more, then says that the backup is changing', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const path = join(temp.path, 'log');
    await writeFile(path, 'begin');
    await writeFile(join(temp.path, 'still'), 'still');
    let reads = 0;
    await using parts = await PushParts.of(service, {
      folder: temp.path,
      onTake: (times) => {
        reads = times;
        appendFileSync(path, 'more');
      },
    });

    await expect(sendUnread(parts.sending)).rejects.toMatchObject({
      code: 'BACKUP_CHANGING',
      message: expect.stringContaining('3 times'),
    });

    expect(reads).toBe(3);
  });

  it('says that the backup is changing when a file vanished', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const path = join(temp.path, 'file');
    await writeFile(path, 'here');
    await using parts = await PushParts.of(service, {
      folder: temp.path,
      onTake: () => {
        rmSync(path, { force: true });
      },
    });

    await expect(sendUnread(parts.sending)).rejects.toMatchObject({ code: 'BACKUP_CHANGING' });
  });

  it('never reads through a link that took the place of a file', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const [secret, folder] = [join(temp.path, 'secret'), join(temp.path, 'backup')];
    await writeFile(secret, 'mine');
    await mkdir(folder);
    await writeFile(join(folder, 'file'), 'mine');
    await using parts = await PushParts.of(service, {
      folder,
      onTake: () => {
        rmSync(join(folder, 'file'), { force: true });
        symlinkSync(secret, join(folder, 'file'));
      },
    });

    await expect(sendUnread(parts.sending)).rejects.toMatchObject({ code: 'BACKUP_PATH_UNSAFE' });

    expect(service.chunks.size).toBe(0);
  });

  it('marks files that are not what Manifest.db says', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const sha1OfAbc = Buffer.from('a9993e364706816aba3e25717850c26c9cd0d89d', 'hex');
    for (const [name, bytes] of Object.entries({ right: 'abc', wrong: 'abd' }))
      await writeFile(join(temp.path, name), bytes);
    await writeFile(join(temp.path, 'large'), noise(LARGE));
    await using parts = await PushParts.of(service, { folder: temp.path });
    const { memory } = parts.sending;
    for (const file of [...memory.unread()].flat()) memory.see(file, sha1OfAbc);

    await sendUnread(parts.sending);

    expect(memory.damagedFiles()).toBe(2);
  });

  it('learns nothing of what was not acknowledged', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await writeFile(join(temp.path, 'file'), 'bytes');
    service.intercept = ({ path, response }) =>
      path.endsWith('/chunks') && refuse(response, 409, 'UPLOAD_NOT_OPEN', 'It is over.');
    await using parts = await PushParts.of(service, { folder: temp.path });

    await expect(sendUnread(parts.sending)).rejects.toMatchObject({ code: 'UPLOAD_NOT_OPEN' });

    expect([...parts.sending.memory.known()]).toEqual([]);
    expect(parts.sent.files).toBe(0);
  });
});
