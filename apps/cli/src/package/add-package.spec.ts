import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPackage } from '@rootcellar/ios/testing';
import { sha256 } from '@rootcellar/model';
import { noise } from '../testing/noise.js';
import { SmallService, refuse } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn } from '../testing/try-world.js';
import type { Ended } from '../testing/try-world.js';

interface Added {
  readonly items: readonly {
    readonly file: string;
    readonly status: string;
    readonly code: string | null;
    readonly bundleId: string | null;
    readonly artifactId: string | null;
    readonly sentBytes: number;
  }[];
}

const ONE = buildPackage({ bundleId: 'com.example.one' });
const TWO = buildPackage({ bundleId: 'com.example.two' });

async function add(
  temp: { readonly path: string },
  service: SmallService,
  ...paths: string[]
): Promise<Ended & { readonly items: Added['items'] }> {
  const configFolder = join(temp.path, 'config');
  await signIn(configFolder, service.url);
  const ended = await run({ configFolder }, 'app', 'add', '--json', ...paths);
  return { ...ended, items: (JSON.parse(ended.out) as Partial<Added>).items ?? [] };
}

describe('app add', () => {
  it('keeps every package in a folder, and knows them the second time', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const folder = join(temp.path, 'apps');
    await mkdir(folder);
    await writeFile(join(folder, '1.ipa'), ONE);
    await writeFile(join(folder, '2.ipa'), TWO);

    const first = await add(temp, service, folder);
    const again = await add(temp, service, folder);

    expect([first.exitCode, again.exitCode]).toEqual([0, 0]);
    expect(first.items.map(({ status, bundleId }) => [status, bundleId])).toEqual([
      ['added', 'com.example.one'],
      ['added', 'com.example.two'],
    ]);
    expect(again.items.map(({ status, sentBytes }) => [status, sentBytes])).toEqual([
      ['already-kept', 0],
      ['already-kept', 0],
    ]);
    expect(again.items[0]?.artifactId).toBe(first.items[0]?.artifactId);
  });

  it('sends the very bytes of a large package', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const extra = [{ name: 'Payload/Example.app/movie.mov', content: noise(9_000_000) }];
    const bytes = buildPackage({ extra });
    await writeFile(join(temp.path, 'large.ipa'), bytes);

    const { exitCode } = await add(temp, service, join(temp.path, 'large.ipa'));

    const refs = service.entries[0]?.refs ?? [];
    const kept = refs.map(({ id }) => service.chunks.get(id) ?? Buffer.alloc(0));
    expect(exitCode).toBe(0);
    expect(sha256(...kept)).toBe(sha256(bytes));
  });

  it('ends with 3 when some were refused: an .apk, a missing file, a pipe', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const at = (name: string): string => join(temp.path, name);
    await writeFile(at('one.ipa'), ONE);
    await writeFile(at('app.apk'), 'no zip at all');
    execFileSync('mkfifo', [at('pipe.ipa')]);

    const { exitCode, items } = await add(
      ...([temp, service] as const),
      ...['app.apk', 'none.ipa', 'pipe.ipa', 'one.ipa'].map(at),
    );

    expect(exitCode).toBe(3);
    expect(items.map(({ status, code }) => [status, code])).toEqual([
      ['refused', 'PACKAGE_NOT_ZIP'],
      ['refused', 'PACKAGE_UNREADABLE'],
      ['refused', 'PACKAGE_UNREADABLE'],
      ['added', null],
    ]);
  });

  it('ends with what the first was refused for when all were', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await writeFile(join(temp.path, 'app.apk'), 'no zip at all');

    const missing = await add(temp, service, join(temp.path, 'none.ipa'));
    const wrong = await add(temp, service, join(temp.path, 'app.apk'));

    expect([missing.exitCode, wrong.exitCode]).toEqual([10, 20]);
    expect(missing.items).toHaveLength(1);
    expect(service.requests).toEqual([]);
  });

  it('says so when a folder holds no package', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await mkdir(join(temp.path, 'empty'));

    const { exitCode, out } = await add(temp, service, join(temp.path, 'empty'));

    expect(exitCode).toBe(10);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'PACKAGE_UNREADABLE' } });
  });

  it('takes the file a link names', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await writeFile(join(temp.path, 'real.ipa'), ONE);
    await symlink('real.ipa', join(temp.path, 'link.ipa'));

    const { exitCode, items } = await add(temp, service, join(temp.path, 'link.ipa'));

    expect([exitCode, items[0]?.status]).toEqual([0, 'added']);
  });

  it('refuses a package that changes, and goes on with the next', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const [one, two] = [join(temp.path, 'one.ipa'), join(temp.path, 'two.ipa')];
    await writeFile(one, ONE);
    await writeFile(two, TWO);
    let opened = 0;
    service.intercept = async ({ path }) => {
      if (path.endsWith('/uploads') && (opened += 1) === 1) await writeFile(one, 'still loading');
      return false;
    };

    const { exitCode, items } = await add(temp, service, one, two);

    expect(exitCode).toBe(3);
    expect(items.map(({ code }) => code)).toEqual(['PACKAGE_CHANGING', null]);
  });

  it('ends at once when the sign-in is not taken any more', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const [one, two] = [join(temp.path, 'one.ipa'), join(temp.path, 'two.ipa')];
    await writeFile(one, ONE);
    await writeFile(two, TWO);
    service.intercept = ({ response }) => refuse(response, 401, 'NOT_SIGNED_IN', 'Who are you?');

    const { exitCode, out } = await add(temp, service, one, two);

    expect(exitCode).toBe(12);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'NOT_SIGNED_IN' } });
    expect(service.count('/uploads')).toBe(1);
  });
});
