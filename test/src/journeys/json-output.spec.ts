import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXAMPLE_UDID, buildBackup, buildPackage } from '@rootcellar/ios/testing';
import {
  ADMINISTRATOR,
  PASSWORD,
  makeAgent,
  makeTemporaryFolder,
  startServiceProcess,
} from '@rootcellar/testkit';
import type {
  Agent,
  Answer,
  CommandEnd,
  ServiceProcess,
  TemporaryFolder,
} from '@rootcellar/testkit';
import { LISTS, RESULTS, SHOWN_ELSEWHERE } from './json-shapes.js';

let room: TemporaryFolder;
let service: ServiceProcess;
let agent: Agent;
beforeAll(async () => {
  room = await makeTemporaryFolder();
  service = await startServiceProcess({ data: join(room.path, 'data') });
  agent = makeAgent({ home: join(room.path, 'computer'), url: service.url });
});
afterAll(async () => {
  await service.stop();
  await room.remove();
});

/** Each command once, in an order that works. */
async function everyCommand(): Promise<Map<string, CommandEnd>> {
  const password = join(room.path, 'password');
  const file = join(room.path, 'app.ipa');
  await mkdir(agent.home, { recursive: true });
  await writeFile(password, PASSWORD);
  await writeFile(file, buildPackage());
  const { folder } = await buildBackup(join(room.path, 'Backup'));
  const latest = `latest:${EXAMPLE_UDID}`;
  const { name, email } = ADMINISTRATOR;
  const ends = new Map<string, CommandEnd>();
  const run = async (command: string, ...options: readonly string[]): Promise<void> => {
    ends.set(command, await agent.run(...command.split(' '), ...options));
  };
  const person = ['--name', name, '--email', email, '--password-file', password];
  const token = ['--setup-token-file', service.setupTokenFile];
  await run('setup', ...token, '--household', 'Test', ...person);
  await run('whoami');
  await run('push', folder);
  await run('device list');
  await run('device show', EXAMPLE_UDID);
  await run('snapshot list');
  await run('snapshot show', latest);
  await run('snapshot ls', latest);
  await run('restore', latest, '--to', join(room.path, 'restored'));
  await run('app add', file);
  await run('app list');
  await run('app versions', 'com.example.app');
  const artifact = ends.get('app add')?.json().items[0]?.artifactId ?? '';
  await mkdir(join(room.path, 'empty'));
  await run('watch', join(room.path, 'empty'), '--once', '--settle', '0.2');
  await run('agent install', room.path, '--dry-run');
  await run('app get', artifact, '--to', join(room.path, 'back.ipa'));
  await changeKept(run, {
    artifact,
    room: room.path,
    snapshot: ends.get('push')?.json().snapshotId ?? '',
  });
  await people({ run, ends, password });
  const { householdId } = JSON.parse(ends.get('whoami')?.stdout ?? '{}') as { householdId: string };
  await run('household quota', householdId, 'none');
  await run('admin scrub');
  const renewed = join(room.path, 'new password');
  await writeFile(renewed, `${PASSWORD}, and another`);
  await run('password', '--current-file', password, '--password-file', renewed);
  await run('logout');
  await run('login', '--email', email, '--password-file', renewed);
  return ends;
}

type Run = (command: string, ...options: readonly string[]) => Promise<void>;

/** Of the commands about people and whose things are, which need a second person and a second computer. */
async function people({
  run,
  ends,
  password,
}: {
  readonly run: Run;
  readonly ends: Map<string, CommandEnd>;
  readonly password: string;
}): Promise<void> {
  const other = makeAgent({ home: join(room.path, 'other computer'), url: service.url });
  const invitation = join(room.path, 'invitation');
  await run('member invite', '--name', 'Bob');
  await run('member invitations');
  await writeFile(invitation, ends.get('member invite')?.json().link ?? '');
  const person = ['--name', 'Bob', '--email', 'bob@example.org', '--password-file', password];
  ends.set('join', await other.run('join', '--invitation-file', invitation, ...person));
  await run('member list');
  await run('member rename', 'Bob', 'Bobby');
  await run('member role', 'Bobby', 'limited');
  await ownership(run, ends);
  await run('household create', 'Next door');
  await run('household list');
  await run('household use', 'Test');
  await run('household accounts');
  await run('token create', '--scope', 'push', '--name', 'NAS');
  await run('token list');
  await run('token revoke', ends.get('token create')?.json().id ?? '');
  const login = other.start('login');
  await login.heard(/rootcellar approve \w{4}-\w{4}/);
  login.child.kill('SIGINT');
  const [, code = ''] = /approve (\w{4}-\w{4})/.exec((await login.ended).stderr) ?? [];
  await run('approve', code, '--yes');
  await run('member remove', 'Bobby', '--bin', '--dry-run');
  await run('member leave', '--bin', '--dry-run');
}

/** Whose devices are, and what is shared. */
async function ownership(run: Run, ends: Map<string, CommandEnd>): Promise<void> {
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString();
  await run('device rename', EXAMPLE_UDID, 'My phone');
  await run('device allow', EXAMPLE_UDID, 'Bobby');
  await run('device continue', EXAMPLE_UDID);
  await run('device retire', EXAMPLE_UDID);
  await agent.ok('device', 'retire', EXAMPLE_UDID, '--undo');
  await run('share', `latest:${EXAMPLE_UDID}`, '--with', 'Bobby', '--until', until);
  await run('share list');
  await run('share revoke', ends.get('share')?.json().id ?? '');
  await run('device assign', EXAMPLE_UDID, ADMINISTRATOR.name);
}

/** Of the commands that change what is kept, in an order that leaves it as it was. */
async function changeKept(
  run: Run,
  of: { readonly artifact: string; readonly room: string; readonly snapshot: string },
): Promise<void> {
  const confirm = ['--confirm', 'Test', 'com.example.app'];
  const policy = join(of.room, 'policy.json');
  await writeFile(policy, '{"snapshots": {"last": 3}}');
  for (const [group, id] of [
    ['snapshot', of.snapshot],
    ['app', of.artifact],
  ] as const) {
    await run(`${group} pin`, id);
    await run(`${group} unpin`, id);
    await run(`${group} forget`, id, ...confirm);
    await run('bin list');
    await run(`${group} undo`, id);
  }
  await run('app private', of.artifact, '--undo');
  await run('app subscription', 'com.example.app', '--from', '2.0');
  await run('app diff', of.artifact, of.artifact);
  await run('app signals', 'com.example.app');
  await run('app check', of.artifact);
  await run('app timeline', 'com.example.app');
  await run('app gaps');
  await run('app link', 'com.example.app', '--undo');
  await run('retention set', '--file', policy);
  for (const command of ['show', 'preview', 'apply']) await run(`retention ${command}`);
  await run('storage');
  await run('storage history');
  await run('storage frees', of.snapshot, of.artifact);
  await run('bin empty', '--confirm', 'Test');
  await run('admin gc');
  await run('admin jobs');
  await run('admin audit');
  await run('audit list');
  await run('audit export', join(room.path, 'audit.csv'));
  await run('audit verify');
  await run('member quota', ADMINISTRATOR.name, '500G');
  await run('household dedup', 'household');
  await run('admin doctor');
}

/** Groups that are a command themselves. */
const ALSO_COMMANDS = ['storage', 'share'];

/** Walks the help texts: `device`, then `list` and `show` below it. */
async function commandsOf(...path: readonly string[]): Promise<string[]> {
  const help = (await agent.run(...path, '--help')).stdout;
  const [, listed = ''] = help.split('Commands:\n');
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
  const found = names.filter((name) => name !== 'help');
  if (found.length === 0) return [path.join(' ')];
  const below = await Promise.all(found.map(async (name) => commandsOf(...path, name)));
  const own = path.join(' ');
  return [...below.flat(), ...(ALSO_COMMANDS.includes(own) ? [own] : [])];
}

describe('with --json', () => {
  let ends: Map<string, CommandEnd>;
  beforeAll(async () => {
    ends = await everyCommand();
    // Some seventy commands, a process each.
  }, 400_000);

  it('every command there is was looked at', async () => {
    expect((await commandsOf()).sort()).toEqual(
      [...Object.keys({ ...RESULTS, ...LISTS }), ...SHOWN_ELSEWHERE].sort(),
    );
  });

  function verifyDocument(command: string): Answer {
    const end = ends.get(command);
    expect(end?.code).toBe(0);
    expect(end?.stdout).toMatch(/^\{.*\}\n$/);
    return JSON.parse(end?.stdout ?? '') as Answer;
  }

  it.each(Object.entries(RESULTS))('%s prints one document', (command, keys) => {
    expect(Object.keys(verifyDocument(command))).toEqual(expect.arrayContaining([...keys]));
  });

  it.each(Object.entries(LISTS))('%s prints one list', (command, keys) => {
    const document = verifyDocument(command);

    expect(Object.keys(document).sort()).toEqual(['items', 'nextCursor']);
    expect(document.items.length).toBeGreaterThan(0);
    for (const item of document.items) {
      expect(Object.keys(item)).toEqual(expect.arrayContaining(['id', ...keys]));
      expect(typeof item.id).toBe('string');
    }
  });

  it('an error is one document too, and words on stderr', async () => {
    const end = await agent.run('snapshot', 'show', 'latest:nobody');

    const { code, message, hint } = end.json().error;
    expect(code).toBe('NOT_FOUND');
    expect(end.stderr).toContain(`${message} [${code}]`);
    expect(end.stderr).toContain(hint);
  });

  it.each([
    ['no such command', ['frobnicate']],
    ['no such option', ['device', 'list', '--frob']],
    ['an argument too few', ['push']],
    ['a limit that is no number', ['device', 'list', '--limit', 'many']],
    ['a limit beyond the largest', ['device', 'list', '--limit', '1001']],
    ['a cursor nobody gave', ['device', 'list', '--cursor', 'x']],
  ])('%s ends with 2', async (_, command) => {
    const end = await agent.run(...command);

    expect(end.code).toBe(2);
    expect(end.stderr).not.toBe('');
  });

  it('times are RFC 3339 and sizes are numbers', () => {
    const [snapshot] = ends.get('snapshot list')?.json().items ?? [];

    expect(snapshot?.takenAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    expect(typeof snapshot?.logicalBytes).toBe('number');
  });
});
