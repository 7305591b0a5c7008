import { describe, expect, it } from '@jest/globals';
import { readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ProfileStore, configFolder } from './profile-store.js';
import { tempFolder } from './testing/temp-folder.js';

const ADA = { server: 'http://127.0.0.1:4470', token: 't1', memberId: 'm1', householdId: 'h1' };
const BO = { ...ADA, token: 't2', memberId: 'm2' };

describe('ProfileStore', () => {
  it('keeps sign-ins where nobody else can read them', async () => {
    await using temp = await tempFolder();
    const folder = join(temp.path, 'new', 'config');

    await new ProfileStore(folder).write('default', ADA);

    const modes = [folder, join(folder, 'profiles.json')].map(async (path) => {
      const { mode } = await stat(path);
      return mode & 0o777;
    });
    expect(await Promise.all(modes)).toEqual([0o700, 0o600]);
    expect(await readdir(folder)).toEqual(['profiles.json']);
  });

  it('keeps the other sign-ins when one comes or goes', async () => {
    await using temp = await tempFolder();
    const store = new ProfileStore(temp.path);

    await store.write('ada', ADA);
    await store.write('bo', BO);
    await store.remove('ada');

    expect(await store.read('bo')).toEqual(BO);
    expect(await store.read('ada')).toBeUndefined();
  });

  it('replaces a sign-in, and makes a file that was open to others private', async () => {
    await using temp = await tempFolder();
    const store = new ProfileStore(temp.path);
    const path = join(temp.path, 'profiles.json');
    await writeFile(path, JSON.stringify({ version: 1, profiles: { ada: BO } }), { mode: 0o644 });

    await store.write('ada', ADA);

    expect(await store.read('ada')).toEqual(ADA);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('does not write tokens through a link that somebody left there', async () => {
    await using temp = await tempFolder();
    const store = new ProfileStore(temp.path);
    const elsewhere = join(temp.path, 'elsewhere');
    await writeFile(elsewhere, 'mine');
    await symlink(elsewhere, join(temp.path, `profiles.json.${String(process.pid)}`));

    await store.write('ada', ADA);

    expect(await readFile(elsewhere, 'utf8')).toBe('mine');
  });

  it('knows no sign-in before there is one, whatever it is called', async () => {
    await using temp = await tempFolder();
    const store = new ProfileStore(temp.path);
    expect(await store.read('default')).toBeUndefined();

    await store.write('ada', ADA);

    expect(await store.read('constructor')).toBeUndefined();
    await store.write('__proto__', BO);
    expect(await store.read('__proto__')).toEqual(BO);
  });

  it.each([
    ['is cut off', '{"version":1,"profi'],
    ['is empty', ''],
    ['is null', 'null'],
    ['holds no sign-ins', '{}'],
    ['is of another release', '{"version":2,"profiles":{}}'],
    ['holds a list', '{"version":1,"profiles":[]}'],
    ['holds half a sign-in', '{"version":1,"profiles":{"a":{"server":"http://x"}}}'],
    [
      'holds a server that is no address',
      `{"version":1,"profiles":{"a":${JSON.stringify({ ...ADA, server: 'x' })}}}`,
    ],
  ])('says which file to remove when it %s', async (_, text) => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'profiles.json');
    await writeFile(path, text);

    await expect(new ProfileStore(temp.path).read('default')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: `Remove ${path} and sign in again.`,
    });
  });

  it('says so when the folder cannot be used', async () => {
    await using temp = await tempFolder();
    const file = join(temp.path, 'a-file');
    await writeFile(file, '');
    const store = new ProfileStore(join(file, 'config'));

    await expect(store.read('default')).rejects.toMatchObject({ code: 'DATA_UNUSABLE' });
    await expect(store.write('default', ADA)).rejects.toMatchObject({ code: 'DATA_UNUSABLE' });
  });
});

describe('configFolder', () => {
  it('is what ROOTCELLAR_CONFIG says, on every platform', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(configFolder({ ROOTCELLAR_CONFIG: '/x' }, platform)).toBe('/x');
  });

  it("is the platform's place for settings otherwise", () => {
    expect(configFolder({ ROOTCELLAR_CONFIG: '' }, 'linux')).toBe(
      join(homedir(), '.config', 'rootcellar'),
    );
    expect(configFolder({ XDG_CONFIG_HOME: '/cfg' }, 'linux')).toBe('/cfg/rootcellar');
    expect(configFolder({}, 'darwin')).toBe(
      join(homedir(), 'Library', 'Application Support', 'Rootcellar'),
    );
    expect(configFolder({ APPDATA: '/roaming' }, 'win32')).toBe('/roaming/Rootcellar');
  });
});
