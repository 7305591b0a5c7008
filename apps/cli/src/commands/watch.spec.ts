import { describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import { ProfileStore } from '../profile-store.js';
import { SmallService, refuse } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn } from '../testing/try-world.js';
import { Watching } from '../testing/watching.js';

const [ONE, TWO, THREE] = ['one', 'two', 'three'].map((name) =>
  buildPackage({ bundleId: `com.example.${name}` }),
) as [Buffer, Buffer, Buffer];

interface Scene extends AsyncDisposable {
  readonly service: SmallService;
  readonly config: string;
  /** Where apps turn up; it exists. */
  readonly apps: string;
  once(...args: readonly string[]): ReturnType<typeof run>;
}

async function scene(): Promise<Scene> {
  await using made = new AsyncDisposableStack();
  const temp = made.use(await tempFolder());
  const service = made.use(await SmallService.start());
  const [config, apps] = [join(temp.path, 'config'), join(temp.path, 'My Apps')];
  await signIn(config, service.url);
  await mkdir(apps);
  const all = made.move();
  const spec = { configFolder: config };
  return {
    ...{ service, config, apps },
    once: async (...args) => run(spec, 'watch', apps, '--once', '--settle', '0.1', ...args),
    [Symbol.asyncDispose]: async () => all.disposeAsync(),
  };
}

describe('watch --once', () => {
  it('keeps what is finished, and does nothing the second time', async () => {
    await using at = await scene();
    await mkdir(join(at.apps, 'a', '.hidden'), { recursive: true });
    for (const name of ['one.ipa', 'a/two.IPA', 'a/.hidden/no.ipa', 'a/no.ipa.part', 'no.txt'])
      await writeFile(join(at.apps, name), name.startsWith('one') ? ONE : TWO);

    const first = await at.once();
    const asked = at.service.count('/uploads');
    const again = await at.once();

    expect([first.exitCode, again.exitCode]).toEqual([0, 0]);
    expect(first.out.split('\n')).toEqual([
      `${join(at.apps, 'a', 'two.IPA')}: kept, com.example.two 1.0 (1)`,
      `${join(at.apps, 'one.ipa')}: kept, com.example.one 1.0 (1)`,
      '2 kept, 0 were kept before, 0 refused, 0 not finished',
      '',
    ]);
    expect(again.out).toBe('0 kept, 0 were kept before, 0 refused, 0 not finished\n');
    expect([asked, at.service.count('/uploads')]).toEqual([2, 2]);
  });

  it('ends with 3 beside a refusal, which is not tried again until the file changes', async () => {
    await using at = await scene();
    await writeFile(join(at.apps, 'one.ipa'), ONE);
    await writeFile(join(at.apps, 'broken.ipa'), 'no zip');

    const first = await at.once();
    const again = await at.once();
    await writeFile(join(at.apps, 'broken.ipa'), TWO);
    const mended = await at.once();

    expect([first.exitCode, again.exitCode, mended.exitCode]).toEqual([3, 0, 0]);
    expect(first.err).toContain('[PACKAGE_NOT_ZIP]');
    expect(again.err).toBe('');
    expect(mended.out).toContain('com.example.two');
  });

  it.each(['.crdownload', '.part', '.download', '.tmp', '.aria2'])(
    'leaves a file alone as long as its %s lies beside it',
    async (ending) => {
      await using at = await scene();
      await writeFile(join(at.apps, 'one.ipa'), ONE);
      await writeFile(join(at.apps, `one.ipa${ending}`), '');

      const during = await at.once();
      await rm(join(at.apps, `one.ipa${ending}`));
      const after = await at.once();

      expect([during.exitCode, after.exitCode]).toEqual([75, 0]);
      expect(at.service.count('/uploads')).toBe(1);
    },
  );

  it('ends with what keeps it from working: no folder, no service, no sign-in', async () => {
    await using at = await scene();
    const away = await run({ configFolder: at.config }, 'watch', '/none/at/all', '--once');
    await writeFile(join(at.apps, 'one.ipa'), ONE);
    at.service.intercept = ({ response }) => refuse(response, 401, 'NOT_SIGNED_IN', 'Who are you?');

    const nobody = await at.once();
    const never = await run({ configFolder: join(at.config, 'x') }, 'watch', at.apps, '--once');

    expect([away, nobody, never].map(({ exitCode }) => exitCode)).toEqual([10, 12, 12]);
    expect(away.err).toContain('[WATCH_FOLDER_AWAY]');
  });

  it('pushes a finished backup when it is asked to, and again when it changed', async () => {
    await using at = await scene();
    const { folder } = await buildBackup(at.apps, { folders: 'needed' });
    await writeFile(join(folder, '00', 'hidden.ipa').replace('/00/', '/'), ONE);

    const unasked = await at.once();
    const first = await at.once('--backups');
    const again = await at.once('--backups');
    await writeFile(join(folder, 'Info.plist'), await readFile(join(folder, 'Info.plist')));
    const changed = await at.once('--backups');

    expect(unasked.err).toContain('is a backup: it is kept as well with --backups');
    expect(first.out).toContain(`${folder}: snapshot ${at.service.snapshotId}`);
    expect([again, changed].map(({ out }) => out.includes('snapshot'))).toEqual([false, true]);
    expect(at.service.requests.filter((one) => one.endsWith('/commit'))).toHaveLength(2);
  });

  it('waits for a backup that is not finished, without a word', async () => {
    await using at = await scene();
    await buildBackup(at.apps, { snapshotState: 'new', folders: 'needed' });

    const { exitCode, err } = await at.once('--backups');

    expect([exitCode, err, at.service.requests]).toEqual([75, '', []]);
  });
});

describe('watch', () => {
  it('keeps what turns up, whole and once, however it is written', async () => {
    await using at = await scene();
    await using watching = new Watching(at.config, at.apps);
    const [slow, moved] = [join(at.apps, 'slow.ipa'), join(at.apps, 'new', 'moved.ipa')];
    await writeFile(slow, ONE.subarray(0, 100));
    await sleep(900);
    await writeFile(slow, ONE.subarray(0, ONE.length - 1));
    await mkdir(join(at.apps, 'new'));
    await writeFile(`${moved}.crdownload`, TWO);
    await sleep(900);
    const before = [...watching.events];

    await rename(`${moved}.crdownload`, moved);
    await writeFile(slow, ONE);
    const kept = [await watching.event('added', 1), await watching.event('added', 2)];
    await sleep(1_500);

    expect(before).toEqual([]);
    expect(kept.map(({ file = '' }) => basename(file)).sort()).toEqual(['moved.ipa', 'slow.ipa']);
    expect(watching.events).toHaveLength(2);
    expect(at.service.count('/commit')).toBe(2);
  });

  it('ends well when it is stopped, and says what it did last', async () => {
    await using at = await scene();
    await writeFile(join(at.apps, 'one.ipa'), ONE);
    const watching = new Watching(at.config, at.apps);
    await watching.event('added');

    watching.world.interrupt();

    expect(await watching.ended).toBe(0);
    const names = await readdir(join(at.config, 'watch'));
    const [status = ''] = names.filter((name) => name.endsWith('.status.json'));
    expect(JSON.parse(await readFile(join(at.config, 'watch', status), 'utf8'))).toMatchObject({
      ...{ folder: at.apps, state: 'ended', kept: 1 },
      last: { event: 'added', file: join(at.apps, 'one.ipa') },
    });
  });

  it('is one at a time for a folder', async () => {
    await using at = await scene();
    await writeFile(join(at.apps, 'one.ipa'), ONE);
    await using watching = new Watching(at.config, at.apps);
    await watching.event('added');

    const second = await at.once();

    expect([second.exitCode, second.err]).toEqual([11, expect.stringContaining('WATCH_RUNNING')]);
  });

  it('waits for a folder that goes away, and sees one that is made anew', async () => {
    await using at = await scene();
    await writeFile(join(at.apps, 'one.ipa'), ONE);
    await using watching = new Watching(at.config, at.apps);
    await watching.event('added');

    await rm(at.apps, { recursive: true });
    await watching.event('folder-away');
    await mkdir(at.apps);
    await watching.event('folder-here');
    await writeFile(join(at.apps, 'two.ipa'), TWO);

    expect(await watching.event('added', 2)).toMatchObject({ bundleId: 'com.example.two' });
  });

  it('waits for the service and for a new sign-in, and says so once', async () => {
    await using at = await scene();
    let open = false;
    at.service.intercept = ({ response }) =>
      !open && refuse(response, 401, 'NOT_SIGNED_IN', 'Who are you?');
    await writeFile(join(at.apps, 'one.ipa'), ONE);
    await writeFile(join(at.apps, 'two.ipa'), TWO);
    await using watching = new Watching(at.config, at.apps, '--pause', '0.1');
    await watching.event('waiting');
    await sleep(500);

    const profiles = new ProfileStore(at.config);
    const profile = await profiles.read('default');
    if (profile !== undefined) await profiles.write('default', { ...profile, token: 'another' });
    open = true;
    await watching.event('added', 2);

    const events = watching.events.map(({ event }) => event);
    expect(events).toEqual(['waiting', 'back', 'added', 'added']);
  });

  it('ends when this computer is signed in as somebody else', async () => {
    await using at = await scene();
    await using watching = new Watching(at.config, at.apps);
    const profiles = new ProfileStore(at.config);
    const profile = await profiles.read('default');
    if (profile !== undefined) await profiles.write('default', { ...profile, memberId: 'bob' });

    await writeFile(join(at.apps, 'one.ipa'), ONE);

    expect(await watching.ended).toBe(11);
    expect(at.service.requests).toEqual([]);
  });

  it('lets the others go first when one is not to be kept now', async () => {
    await using at = await scene();
    let refusals = 0;
    at.service.intercept = ({ path, response }) =>
      path.endsWith('/uploads') &&
      (refusals += 1) < 3 &&
      refuse(response, 507, 'QUOTA_EXCEEDED', 'Your quota has no room.');
    for (const [name, bytes] of Object.entries({ a: ONE, b: TWO, c: THREE }))
      await writeFile(join(at.apps, `${name}.ipa`), bytes);

    await using watching = new Watching(at.config, at.apps, '--pause', '0.1');
    await watching.event('added', 3);

    const events = watching.events.map(({ event, file = '' }) => `${event} ${basename(file)}`);
    expect(events.slice(0, 3)).toEqual(['later a.ipa', 'later b.ipa', 'added c.ipa']);
    expect(events.slice(3).sort()).toEqual(['added a.ipa', 'added b.ipa']);
  });

  it('tells of a part it may not read, and keeps the rest', async () => {
    await using at = await scene();
    const locked = join(at.apps, 'locked');
    await mkdir(locked);
    await writeFile(join(at.apps, 'one.ipa'), ONE);
    await chmod(locked, 0);

    const { exitCode, err } = await at.once();

    await chmod(locked, 0o700);
    expect(exitCode).toBe(0);
    // Root reads everything.
    expect(err.includes('cannot be read')).toBe(process.getuid?.() !== 0);
  });
});
