import { describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPackage } from '@rootcellar/ios/testing';
import { getArray, getDict, parsePlist } from '@rootcellar/ios';
import type { PlistDict } from '@rootcellar/ios';
import { runProgram } from '../program.js';
import { SmallService } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { signIn, tryWorld } from '../testing/try-world.js';
import type { Ended } from '../testing/try-world.js';

interface Scene extends AsyncDisposable {
  readonly home: string;
  readonly config: string;
  readonly apps: string;
  readonly unit: string;
  on(platform: NodeJS.Platform, ...args: readonly string[]): Promise<Ended>;
  /** Every call of systemctl or launchctl. */
  calls(): Promise<string[]>;
}

/** A computer with a fake `systemctl` and `launchctl` that note what they are told; `code` is what they end with. */
async function scene({ tools = true }: { readonly tools?: boolean } = {}): Promise<Scene> {
  const temp = await tempFolder();
  const [home, bin, apps] = ['home', 'bin', 'apps'].map((name) => join(temp.path, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, bin, apps]) await mkdir(folder);
  const [config, calls] = [join(home, 'settings of "mine"'), join(bin, 'calls')];
  for (const name of tools ? ['systemctl', 'launchctl'] : []) {
    await writeFile(
      join(bin, name),
      `#!/bin/sh\necho "${name} $*" >> '${calls}'\ntest ! -e '${bin}/down'\n`,
    );
    await chmod(join(bin, name), 0o755);
  }
  return {
    ...{ home, config, apps },
    unit: join(home, '.config', 'systemd', 'user', 'rootcellar-agent.service'),
    on: async (platform, ...args) => {
      const world = tryWorld({ configFolder: config, env: { HOME: home, PATH: bin } });
      const exitCode = await runProgram({ ...world, platform }, ['agent', ...args]);
      return { exitCode, out: world.stdout.text, err: world.stderr.text };
    },
    calls: async () =>
      (await readFile(calls, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    [Symbol.asyncDispose]: async () => temp[Symbol.asyncDispose](),
  };
}

describe('agent install', () => {
  it('shows what it would write, and writes nothing', async () => {
    await using at = await scene();

    const { exitCode, out } = await at.on('linux', 'install', at.apps, '--dry-run');

    expect(exitCode).toBe(0);
    expect(out).toContain(`${at.unit}:\n`);
    expect(out).toContain(`ExecStart="${process.execPath}"`);
    expect(out).toContain(`"folders": [\n    "${at.apps}"\n  ]`);
    expect([await readdir(at.home), await at.calls()]).toEqual([[], []]);
  });

  it('notes the folders, writes the unit and starts it', async () => {
    await using at = await scene();
    await signIn(at.config, 'http://127.0.0.1:1');

    const { exitCode, out, err } = await at.on('linux', 'install', at.apps, '--backups');

    expect(exitCode).toBe(0);
    expect(out).toContain(`The agent watches ${at.apps}.`);
    expect(err).toContain('[Service]');
    const unit = await readFile(at.unit, 'utf8');
    expect(unit).toContain(`Environment="ROOTCELLAR_CONFIG=${at.config.replaceAll('"', '\\"')}"`);
    expect(unit + (await readFile(join(at.config, 'agent.json'), 'utf8'))).not.toContain('a-token');
    expect(JSON.parse(await readFile(join(at.config, 'agent.json'), 'utf8'))).toEqual({
      ...{ version: 1, folders: [at.apps], backups: true, profile: 'default' },
    });
    expect((await at.calls()).slice(1, 4)).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable rootcellar-agent.service',
      'systemctl --user restart rootcellar-agent.service',
    ]);
  });

  it('writes a launch agent on a Mac', async () => {
    await using at = await scene();

    const { exitCode } = await at.on('darwin', 'install', at.apps);

    const list = join(at.home, 'Library', 'LaunchAgents', 'org.rootcellar.agent.plist');
    expect(exitCode).toBe(0);
    const dict = parsePlist(await readFile(list)) as PlistDict;
    expect(getArray(dict, 'ProgramArguments')).toEqual([
      ...[process.execPath, expect.stringMatching(/rootcellar\.mjs$/), 'agent', 'run'],
    ]);
    expect(getDict(dict, 'EnvironmentVariables')?.get('ROOTCELLAR_CONFIG')).toBe(at.config);
    expect((await at.calls())[1]).toMatch(/^launchctl bootstrap gui\/\d+ .*agent\.plist$/);
  });

  it.each<[string, NodeJS.Platform, boolean, string]>([
    ['without systemd', 'linux', false, 'has no systemd'],
    ['without one of the user’s', 'linux', true, 'No systemd of yours runs here'],
  ])('says what to do %s, and notes the folders', async (_, platform, tools, words) => {
    await using at = await scene({ tools });
    if (tools) await writeFile(join(at.home, '..', 'bin', 'down'), '');

    const { exitCode, err } = await at.on(platform, 'install', at.apps);

    expect([exitCode, err]).toEqual([1, expect.stringContaining(words)]);
    expect(err).toContain('agent run');
    expect(await readdir(at.config)).toEqual(['agent.json']);
  });

  it('says on another system how to start it', async () => {
    await using at = await scene();

    const { exitCode, err } = await at.on('win32', 'install', at.apps);

    expect([exitCode, err]).toEqual([1, expect.stringContaining('[AGENT_SYSTEM_UNKNOWN]')]);
  });
});

describe('agent status and uninstall', () => {
  it('tell whether it is there, whether it runs, and what it did last', async () => {
    await using at = await scene();
    const never = await at.on('linux', 'status');
    await at.on('linux', 'install', at.apps);

    const runs = await at.on('linux', 'status', '--json');
    await writeFile(join(at.home, '..', 'bin', 'down'), '');
    const ended = await at.on('linux', 'status');
    const removed = await at.on('linux', 'uninstall');
    const again = await at.on('linux', 'uninstall');

    expect([never, runs, ended, removed, again].map(({ exitCode }) => exitCode)).toEqual([
      10, 0, 1, 0, 10,
    ]);
    expect(JSON.parse(runs.out)).toMatchObject({ installed: true, running: true, folders: [] });
    expect(ended.out).toContain('Runs: no');
    expect(ended.out).toContain(`${at.apps}: never looked at`);
  });
});

describe('agent run', () => {
  it('keeps what turns up in the noted folders, and waits for a sign-in before', async () => {
    await using at = await scene();
    await using service = await SmallService.start();
    await at.on('linux', 'install', at.apps);
    await writeFile(join(at.apps, 'one.ipa'), buildPackage());
    const world = tryWorld({ configFolder: at.config });
    const speed = ['--settle', '0.1', '--every', '1', '--pause', '0.1'];

    const ended = runProgram(world, ['agent', 'run', ...speed]);
    while (!world.stderr.text.includes('The agent waits.')) await sleep(20);
    await signIn(at.config, service.url);
    while (world.stdout.text === '') await sleep(20);
    const status = await at.on('linux', 'status');
    world.interrupt();

    expect(await ended).toBe(0);
    expect(world.stdout.text).toBe(`${join(at.apps, 'one.ipa')}: kept, com.example.app 1.0 (1)\n`);
    expect(status.out).toContain(`${at.apps}: watching since`);
    expect(status.out).toContain('one.ipa: kept, com.example.app 1.0 (1)');
  });

  it('ends when nobody told it what to watch, or its settings are broken', async () => {
    await using at = await scene();
    const nothing = await at.on('linux', 'run');
    await mkdir(at.config, { recursive: true });
    await writeFile(join(at.config, 'agent.json'), '{"version":1,"folders":[]}');
    const broken = await at.on('linux', 'run');

    expect([nothing, broken].map(({ exitCode }) => exitCode)).toEqual([10, 2]);
    expect(broken.err).toContain('agent.json');
  });
});
