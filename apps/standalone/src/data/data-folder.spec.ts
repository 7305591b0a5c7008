import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keepingLog } from '../testing/keeping-log.js';
import { startOther } from '../testing/other-process.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openDataFolder } from './data-folder.js';

const log = keepingLog();

async function mode(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('a data folder', () => {
  it('is made for its owner alone, with a master key', async () => {
    await using parent = await temporaryFolder();
    const path = join(parent.path, 'deep', "it's data");

    const data = await openDataFolder(path, { log });
    await data.close();

    const text = await readFile(join(path, 'master-key'), 'utf8');
    expect(text).toMatch(/^[0-9a-f]{64}\n$/);
    expect(Buffer.from(data.masterKey).toString('hex')).toBe(text.trim());
    expect([await mode(path), await mode(join(path, 'master-key'))]).toEqual([0o700, 0o600]);
  });

  it('keeps its master key', async () => {
    await using parent = await temporaryFolder();
    const first = await openDataFolder(parent.path, { log });
    await first.close();

    const second = await openDataFolder(parent.path, { log });
    await second.close();

    expect(second.masterKey).toEqual(first.masterKey);
  });

  it.each(['', '0'.repeat(63), `${'0'.repeat(64)}\n\n`, `${'g'.repeat(64)}\n`, '0'.repeat(5000)])(
    'refuses a master key of another form and leaves it alone (%#)',
    async (text) => {
      await using parent = await temporaryFolder();
      await writeFile(join(parent.path, 'master-key'), text);

      const opened = openDataFolder(parent.path, { log });

      await expect(opened).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      expect(await readFile(join(parent.path, 'master-key'), 'utf8')).toBe(text);
    },
  );

  it('is free again after a start that failed', async () => {
    await using parent = await temporaryFolder();
    const key = join(parent.path, 'master-key');
    await mkdir(key);
    await expect(openDataFolder(parent.path, { log })).rejects.toThrow(/no master key/);

    await writeFile(join(parent.path, 'mended'), `${'ab'.repeat(32)}\r\n`);
    const masterKeyFile = join(parent.path, 'mended');
    const data = await openDataFolder(parent.path, { log, masterKeyFile });
    await data.close();

    expect(data.masterKey).toEqual(Buffer.alloc(32, 0xab));
  });

  it('never makes a master key in a place the user named, nor beside a database that has lost its own', async () => {
    await using parent = await temporaryFolder();
    const masterKeyFile = join(parent.path, 'usb', 'key');
    const named = openDataFolder(parent.path, { log, masterKeyFile });
    await expect(named).rejects.toMatchObject({ code: 'CONFIG_INVALID' });

    await mkdir(join(parent.path, 'postgres'));
    const lost = openDataFolder(parent.path, { log });

    await expect(lost).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(stat(join(parent.path, 'master-key'))).rejects.toThrow(/ENOENT/);
  });

  it('keeps a set-up token until it is removed', async () => {
    await using parent = await temporaryFolder();
    const data = await openDataFolder(parent.path, { log });
    const path = join(parent.path, 'setup-token');
    expect(await data.setupToken.read()).toBeUndefined();

    const token = await data.setupToken.create();

    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await data.setupToken.read()).toBe(token);
    expect(await mode(path)).toBe(0o600);
    expect(await data.setupToken.create()).not.toBe(token);
    await data.setupToken.remove();
    await data.setupToken.remove();
    expect(await data.setupToken.read()).toBeUndefined();
    await writeFile(path, 'no token\n');
    expect(await data.setupToken.read()).toBeUndefined();
    await data.close();
  });

  it('says what is wrong with a place it cannot use', async () => {
    await using parent = await temporaryFolder();
    const file = join(parent.path, 'file');
    const circle = join(parent.path, 'circle');
    const long = join(parent.path, 'x'.repeat(240), 'x'.repeat(240), 'x'.repeat(20));
    await writeFile(file, '');
    await symlink(circle, circle);

    const name = join(parent.path, 'x'.repeat(300));
    for (const path of [file, join(file, 'below'), circle, name, long]) {
      await expect(openDataFolder(path, { log })).rejects.toMatchObject({ code: 'DATA_UNUSABLE' });
    }
  });
});

describe('the lock of a data folder', () => {
  it('is refused to a second opener of the same process', async () => {
    await using parent = await temporaryFolder();
    const data = await openDataFolder(parent.path, { log });

    const second = openDataFolder(join(parent.path, '.'), { log });

    await expect(second).rejects.toMatchObject({
      code: 'DATA_IN_USE',
      details: { folder: parent.path, pid: process.pid },
    });
    await data.close();
    await data.close();
    await (await openDataFolder(parent.path, { log })).close();
  });

  it('is given to one of many that come at once', async () => {
    await using parent = await temporaryFolder();

    const opened = await Promise.allSettled(
      Array.from({ length: 8 }, () => openDataFolder(parent.path, { log })),
    );

    const won = opened.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await using other = startOther(openingCode(parent.path));
    expect(await other.line()).toBe('"DATA_IN_USE"');
    await won[0]?.value.close();
  });

  it('holds against other processes, and ends with its owner however it ends', async () => {
    await using parent = await temporaryFolder();
    await using owner = startOther(openingCode(parent.path));
    expect(await owner.line()).toBe('"open"');

    const refused = openDataFolder(parent.path, { log });

    await expect(refused).rejects.toMatchObject({
      code: 'DATA_IN_USE',
      details: { pid: owner.pid },
    });
    await owner.kill();
    await (await openDataFolder(parent.path, { log })).close();
  });

  it('does not end when the owner forgets the folder and collects its garbage', async () => {
    await using parent = await temporaryFolder();
    await using owner = startOther(`
      const { setFlagsFromString } = await import('node:v8');
      setFlagsFromString('--expose-gc');
      const gc = (await import('node:vm')).runInNewContext('gc');
      await room.openDataFolder(${JSON.stringify(parent.path)}, { log });
      for (let i = 0; i < 5; i += 1) { gc(); await new Promise(setImmediate); }
      print('collected');`);
    expect(await owner.line()).toBe('"collected"');

    const refused = openDataFolder(parent.path, { log });

    await expect(refused).rejects.toMatchObject({ code: 'DATA_IN_USE' });
  });

  it('says so when its file is damaged', async () => {
    await using parent = await temporaryFolder();
    await writeFile(join(parent.path, 'lock'), 'x'.repeat(4096));

    const opened = openDataFolder(parent.path, { log });

    await expect(opened).rejects.toMatchObject({ code: 'DATA_UNUSABLE' });
  });

  it('needs a folder this user may write', async () => {
    await using parent = await temporaryFolder();
    const path = join(parent.path, 'read-only');
    await mkdir(path, { mode: 0o555 });
    await chmod(parent.path, 0o755);

    // Root may write everywhere: another user tries.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
    await using other = startOther(openingCode(path), user);

    expect(await other.line()).toBe('"DATA_UNUSABLE"');
  });
});

function openingCode(path: string): string {
  return `
    try { globalThis.data = await room.openDataFolder(${JSON.stringify(path)}, { log }); print('open'); }
    catch (error) { print(error.code ?? error.message); }`;
}
