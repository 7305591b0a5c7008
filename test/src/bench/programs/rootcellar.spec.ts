import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countDifferences } from '../sync-folder.js';
import { rootcellar } from './rootcellar.js';
import { CommandFailed } from './run-command.js';
import type { Workbench } from './run-command.js';

/** Stands in for the service: set-up token, ready line, an end at SIGTERM. */
const SERVICE = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  const { ROOTCELLAR_DATA: data, ROOTCELLAR_HOST: host, ROOTCELLAR_PORT: port } = process.env;
  mkdirSync(data + '/objects', { recursive: true });
  mkdirSync(data + '/postgres');
  writeFileSync(data + '/postgres/PG_VERSION', '18');
  writeFileSync(data + '/setup-token', 'token');
  require('node:http').createServer().listen(Number(port), host, () =>
    console.log('Rootcellar is ready at http://' + host + ':' + port));
  process.on('SIGTERM', () => process.exit(0));
`;
/** Stands in for the command: keeps a copy of each pushed folder beside its configuration. */
const COMMAND = `
  import { cpSync, existsSync } from 'node:fs';
  import { basename } from 'node:path';
  const [verb, ...rest] = process.argv.slice(2);
  const kept = process.env.ROOTCELLAR_CONFIG + '/snapshot-1';
  const after = (flag) => rest[rest.indexOf(flag) + 1];
  if (verb === 'setup' && !existsSync(after('--setup-token-file'))) throw new Error('no token');
  if (verb === 'push') {
    cpSync(rest[0], kept + '/' + basename(rest[0]), { recursive: true });
    console.log(JSON.stringify({ snapshotId: 'snapshot-1' }));
  }
  if (verb === 'restore') cpSync(process.env.ROOTCELLAR_CONFIG + '/' + rest[0], after('--to'), { recursive: true });
  if (verb === 'app') console.log(JSON.stringify({ items: [{ status: 'refused' }], nextCursor: null }));
`;

let room: string;
let said: string[];
let bench: Workbench;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'bench-spec-'));
  for (const folder of ['apps/standalone/dist', 'apps/cli/bin', 'run', 'UDID/aa']) {
    mkdirSync(join(room, folder), { recursive: true });
  }
  writeFileSync(join(room, 'apps/standalone/package.json'), '{"type":"commonjs"}');
  writeFileSync(join(room, 'apps/standalone/dist/main.js'), SERVICE);
  writeFileSync(join(room, 'apps/cli/bin/rootcellar.mjs'), COMMAND);
  writeFileSync(join(room, 'UDID/aa/payload'), 'bytes');
  said = [];
  bench = { say: (line) => said.push(line), signal: new AbortController().signal };
});
afterEach(() => rmSync(room, { recursive: true }));

describe('rootcellar', () => {
  it('is not there before it is built', async () => {
    rmSync(join(room, 'apps/cli/bin/rootcellar.mjs'));

    expect(await rootcellar(bench, room).version()).toBeUndefined();
  });

  it('sets up a service, pushes and restores through the command', async () => {
    const archive = await rootcellar(bench, room).open(join(room, 'run'));
    const folder = join(room, 'UDID');

    const push = await archive.backUp(folder);
    const restored = await archive.restore(folder, join(room, 'restored'));
    const stored = await archive.storedBytes();
    await archive.close();

    expect(push.seconds).toBeGreaterThan(0);
    expect(restored.folder).toBe(join(room, 'restored', 'UDID'));
    expect(await countDifferences(folder, restored.folder)).toBe(0);
    // The set-up token; the database is left out.
    expect(stored).toBe(5);
    expect(said.filter((line) => line.startsWith('$ '))).toHaveLength(4);
  });

  it('counts a refused package as a failure', async () => {
    const archive = await rootcellar(bench, room).open(join(room, 'run'));

    const adding = archive.addPackages(room);

    await expect(adding).rejects.toThrow(CommandFailed);
    await archive.close();
  });

  it('tells what the service said when it does not start', async () => {
    writeFileSync(
      join(room, 'apps/standalone/dist/main.js'),
      'console.error("no room"); process.exit(3)',
    );

    const opening = rootcellar(bench, room).open(join(room, 'run'));

    await expect(opening).rejects.toThrow('ended with 3 before it was ready. no room');
  });
});
