import { describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@rootcellar/model';
import { SmallService, refuse } from './testing/small-service.js';
import { tempFolder } from './testing/temp-folder.js';
import { run, signIn } from './testing/try-world.js';

const NOWHERE = { configFolder: '/nowhere/at/all' };

interface Refused {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

describe('a command line that is wrong', () => {
  it.each([
    [[], 'Usage: rootcellar'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['snapsot', 'list'], 'Did you mean snapshot?'],
    [['device'], 'Usage: rootcellar device'],
    [['device', 'frob'], "unknown command 'frob'"],
    [['push'], "missing required argument 'backup-folder'"],
    [['push', 'a', 'b'], 'too many arguments'],
    [['push', '--frob', 'x'], "unknown option '--frob'"],
    [['restore', 'x'], "required option '--to <dir>' not specified"],
    [['restore', 'x', '--to', 'y', '--path', 'z'], '--path needs --domain'],
    [['setup'], "required option '--setup-token-file <file>' not specified"],
    [['login', '--email'], "option '--email <address>' argument missing"],
    [['login', '--password-file', 'x'], 'Give it with `--email <address>`.'],
    [['login', '--email', 'a@example.org'], 'Give it with `--password-file <file>`.'],
    [['join'], 'Give it with `--invitation-file <file>`.'],
    [['token', 'create', '--name', 'x'], "required option '--scope <scope>' not specified"],
    [['--server', 'example', 'login'], 'The server must be a URL'],
    [['--server', 'ftp://example', 'login'], 'The server must be a URL'],
  ])('such as %j ends with 2 and says what is wrong', async (args, words) => {
    const { exitCode, out, err } = await run(NOWHERE, ...args);

    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });

  it('is one JSON document with --json, wherever that stands', async () => {
    for (const args of [
      ['--json'],
      ['--json', 'frobnicate'],
      ['push', '--frob', 'x', '--json'],
      ['device', '--json'],
      ['join', '--json'],
    ]) {
      const { exitCode, out } = await run(NOWHERE, ...args);

      expect([args, exitCode]).toEqual([args, 2]);
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'INPUT_INVALID' } });
      expect(out).not.toContain('error: ');
    }
  });

  it('is refused before the service is asked', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    const spec = { configFolder: temp.path };

    const ends = [
      await run(spec, 'device', 'list', '--limit', '0'),
      await run(spec, 'device', 'list', '--limit', 'ten'),
      await run(spec, 'snapshot', 'show', 'newest'),
      await run(spec, 'restore', 'newest', '--to', temp.path),
      await run(spec, 'app', 'get', 'com.example.app', '--to', join(temp.path, 'x')),
    ];

    expect(ends.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2, 2]);
    expect(ends[2]?.err).toContain('latest:<device>');
    expect(service.requests).toEqual([]);
  });

  it.each([
    [['member', 'remove', 'Bob'], 'Say what becomes of their things.'],
    [['member', 'leave', '--bin', '--export'], 'Say what becomes of their things.'],
    [['member', 'leave', '--export', '--until', 'soon'], '--until is a date'],
    [['member', 'leave', '--bin', '--until', '2027-01-31'], '--until needs --export'],
    [['member', 'invite', '--role', 'king'], 'A role is admin, member or limited.'],
    [['member', 'role', 'Bob', 'king'], 'A role is admin, member or limited.'],
    [['token', 'create', '--name', 'x', '--scope', 'all'], 'A scope is push, restore or admin.'],
    [['token', 'create', '--name', 'x', '--scope', 'push', '--expires', '0'], 'whole number'],
  ])('such as %j is refused before the service is asked, too', async (args, words) => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);

    const { exitCode, err } = await run({ configFolder: temp.path }, ...args);

    expect(exitCode).toBe(2);
    expect(err).toContain(words);
    expect(service.requests).toEqual([]);
  });

  it.each(['', '.', '..'])('cannot make another address of the name %j', async (name) => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    const spec = { configFolder: temp.path };

    const ends = [
      await run(spec, 'device', 'show', name),
      await run(spec, 'snapshot', 'show', `latest:${name}`),
      await run(spec, 'app', 'versions', name),
    ];

    expect(ends.map(({ exitCode }) => exitCode)).toEqual([10, 10, 10]);
    expect(service.requests).toEqual([]);
  });
});

describe('a command that is refused', () => {
  it('without a sign-in ends with 12 and says how to get one', async () => {
    for (const args of [['whoami'], ['push', '/x'], ['app', 'add', '/x'], ['device', 'list']]) {
      const { exitCode, out, err } = await run(NOWHERE, ...args);

      expect([exitCode, out]).toEqual([12, '']);
      expect(err).toMatch(/not signed in\. \[NOT_SIGNED_IN\]\n.*`rootcellar login`/);
    }
  });

  it('tells programs code, message and hint on standard output', async () => {
    const { exitCode, out } = await run(NOWHERE, 'whoami', '--json');

    expect(exitCode).toBe(12);
    expect(out.split('\n')).toHaveLength(2);
    expect(JSON.parse(out)).toEqual({
      error: {
        code: 'NOT_SIGNED_IN',
        message: expect.any(String),
        hint: expect.any(String),
        details: {},
      },
    });
  });

  it('says so even with --quiet', async () => {
    const { err } = await run(NOWHERE, 'whoami', '--quiet');

    expect(err).toContain('NOT_SIGNED_IN');
  });

  it.each([
    [403, 'FORBIDDEN', 12],
    [404, 'NOT_FOUND', 10],
    [409, 'UPLOAD_NOT_OPEN', 11],
    [500, 'INTERNAL', 1],
    [500, 'A_CODE_OF_TOMORROW', 1],
  ])('by the service with %d %s ends with %d', async (status, code, expected) => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    service.intercept = ({ response }) => refuse(response, status, code, 'Because.');

    const { exitCode, out } = await run({ configFolder: temp.path }, 'whoami', '--json');

    expect(exitCode).toBe(expected);
    expect((JSON.parse(out) as Refused).error.message).toBe('Because.');
  });

  it('ends with 75 when the service stays away', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    service.intercept = ({ response }) => refuse(response, 503, 'SERVER_BUSY', 'Restarting.');
    let minutes = 0;
    const clock = { ...systemClock, monotonicMs: () => (minutes += 1) * 60_000 };

    const { exitCode, err } = await run({ configFolder: temp.path, clock }, 'whoami');

    expect(exitCode).toBe(75);
    expect(err).toContain('Restarting. [SERVER_BUSY]');
  });

  it('with broken sign-ins names the file', async () => {
    await using temp = await tempFolder();
    await writeFile(join(temp.path, 'profiles.json'), '{');

    const { exitCode, err } = await run({ configFolder: temp.path }, 'whoami');

    expect(exitCode).toBe(2);
    expect(err).toContain(join(temp.path, 'profiles.json'));
  });
});

describe('the environment', () => {
  it('can name profile and server; set to nothing it names neither', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    service.intercept = ({ response }) => {
      response.setHeader('content-type', 'application/json').end('{"name":"Ada"}');
      return true;
    };
    await signIn(temp.path, 'http://127.0.0.1:1');
    const spec = { configFolder: temp.path };
    const here = { ROOTCELLAR_SERVER: service.url };

    const ada = await run({ ...spec, env: { ...here, ROOTCELLAR_PROFILE: '' } }, 'whoami');
    const bo = await run({ ...spec, env: { ...here, ROOTCELLAR_PROFILE: 'bo' } }, 'whoami');

    expect(ada).toMatchObject({ exitCode: 0, out: expect.stringContaining(service.url) });
    expect(bo.exitCode).toBe(12);
  });
});
