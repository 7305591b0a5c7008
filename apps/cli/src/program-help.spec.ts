import { describe, expect, it } from '@jest/globals';
import { run } from './testing/try-world.js';

const NOWHERE = { configFolder: '/nowhere/at/all' };
const COMMANDS = [
  [],
  ['setup'],
  ['login'],
  ['whoami'],
  ['logout'],
  ['join'],
  ['approve'],
  ['household'],
  ['household', 'list'],
  ['household', 'use'],
  ['household', 'create'],
  ['household', 'accounts'],
  ['member'],
  ['member', 'list'],
  ['member', 'invite'],
  ['member', 'invitations'],
  ['member', 'rename'],
  ['member', 'role'],
  ['member', 'remove'],
  ['member', 'leave'],
  ['token'],
  ['token', 'create'],
  ['token', 'list'],
  ['token', 'revoke'],
  ['push'],
  ['device'],
  ['device', 'list'],
  ['device', 'show'],
  ['device', 'rename'],
  ['device', 'assign'],
  ['device', 'retire'],
  ['device', 'continue'],
  ['device', 'allow'],
  ['snapshot'],
  ['snapshot', 'list'],
  ['snapshot', 'show'],
  ['snapshot', 'ls'],
  ['snapshot', 'pin'],
  ['snapshot', 'unpin'],
  ['snapshot', 'forget'],
  ['snapshot', 'undo'],
  ['restore'],
  ['app'],
  ['app', 'add'],
  ['app', 'fetch'],
  ['app', 'list'],
  ['app', 'versions'],
  ['app', 'get'],
  ['app', 'pin'],
  ['app', 'unpin'],
  ['app', 'forget'],
  ['app', 'undo'],
  ['app', 'subscription'],
  ['app', 'private'],
  ['app', 'timeline'],
  ['app', 'gaps'],
  ['app', 'link'],
  ['watch'],
  ['agent'],
  ['agent', 'install'],
  ['agent', 'uninstall'],
  ['agent', 'status'],
  ['agent', 'run'],
  ['share'],
  ['share', 'list'],
  ['share', 'revoke'],
  ['retention'],
  ['retention', 'show'],
  ['retention', 'set'],
  ['retention', 'preview'],
  ['retention', 'apply'],
  ['bin'],
  ['bin', 'list'],
  ['bin', 'empty'],
  ['storage'],
  ['storage', 'history'],
  ['storage', 'frees'],
  ['member', 'quota'],
  ['household', 'dedup'],
  ['household', 'quota'],
  ['audit'],
  ['audit', 'list'],
  ['audit', 'export'],
  ['audit', 'verify'],
  ['admin'],
  ['admin', 'scrub'],
  ['admin', 'gc'],
  ['admin', 'jobs'],
  ['admin', 'audit'],
];

describe('the help', () => {
  it.each(COMMANDS.map((command) => [command]))(
    'of %j is on standard output, with the exit codes and the options every command has',
    async (command) => {
      const { exitCode, out, err } = await run(NOWHERE, ...command, '--help');

      expect([exitCode, err]).toEqual([0, '']);
      expect(out).toContain(`Usage: ${['rootcellar', ...command].join(' ')} `);
      for (const part of ['Exit codes:', '--server', '--profile', '--json', '--quiet'])
        expect(out).toContain(part);
    },
  );

  it('is given by `help` as well, for groups and in groups', async () => {
    for (const line of [['help'], ['help', 'push'], ['help', 'app'], ['app', 'help', 'add']]) {
      const asked = await run(NOWHERE, ...line);
      const plain = await run(NOWHERE, ...line.filter((word) => word !== 'help'), '--help');

      expect([line, asked]).toEqual([line, plain]);
    }
  });

  it('tells of every command there is', async () => {
    const { out } = await run(NOWHERE, '--help');

    for (const [name = ''] of COMMANDS) expect(out).toContain(name);
  });
});
