import { execFile } from 'node:child_process';
import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '@rootcellar/platform';
import { SHARED_SERVER_MS, ensurePrograms, makeTemporaryFolder } from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';
import { checkoutFile } from './checkout-file.js';

const run = promisify(execFile);
const UNITS = checkoutFile('deploy', 'systemd');
const PROCESSES = ['rootcellar-api@4471', 'rootcellar-worker@4481', 'rootcellar-migrate'];
/** Of ten; below two systemd itself says "OK". A program that compiles its code while it runs cannot have everything. */
const EXPOSURE = 20;

let room: TemporaryFolder;
beforeAll(async () => {
  await ensurePrograms({ 'systemd-analyze': 'systemd' });
  room = await makeTemporaryFolder();
  for (const name of await readdir(UNITS)) {
    const unit = await readFile(join(UNITS, name), 'utf8');
    // The one thing that is elsewhere here: Node.
    const here = unit.replaceAll('/usr/local/bin/node', process.execPath);
    await writeFile(join(room.path, name), here);
  }
  for (const [template, instance] of [
    ['rootcellar-api@.service', 'rootcellar-api@4471.service'],
    ['rootcellar-worker@.service', 'rootcellar-worker@4481.service'],
  ] as const) {
    await copyFile(join(room.path, template), join(room.path, instance));
  }
}, SHARED_SERVER_MS);
afterAll(async () => room.remove());

describe('the systemd units', () => {
  it('are understood by systemd, without a warning', async () => {
    const names = [...PROCESSES.map((name) => `${name}.service`), 'rootcellar.target'];

    const { stdout, stderr } = await run('systemd-analyze', ['verify', ...names], {
      cwd: room.path,
    });

    expect(`${stdout}${stderr}`).toBe('');
  });

  it.each(PROCESSES)('leave little of the system open to %s', async (name) => {
    const unit = join(room.path, `${name}.service`);

    const judged = run('systemd-analyze', [
      ...['security', '--offline=yes', `--threshold=${EXPOSURE}`, '--no-pager', unit],
    ]);

    // It fails above the threshold.
    await expect(judged).resolves.toBeDefined();
  });

  it('hand over every secret by a credential of its own', async () => {
    for (const name of ['rootcellar-api@', 'rootcellar-worker@', 'rootcellar-migrate']) {
      const unit = await readFile(join(UNITS, `${name}.service`), 'utf8');
      const handed = [...unit.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, id]) => id);
      const used = [...unit.matchAll(/^Environment=ROOTCELLAR_\w+_FILE=%d\/([\w-]+)$/gm)];

      expect(used.map(([, id]) => id)).toEqual(handed);
      expect(handed).toContain('master-key');
    }
  });

  it.each([
    ['rootcellar-api@', 14_471],
    ['rootcellar-worker@', 14_471],
    ['rootcellar-migrate', undefined],
  ])('give %s settings that it knows', async (name, monitoringPort) => {
    const unit = await readFile(join(UNITS, `${name}.service`), 'utf8');
    const shared = await readFile(join(UNITS, 'settings.env'), 'utf8');
    const settings = [...`${unit}\n${shared}`.matchAll(/(?<=[= ]|^)(ROOTCELLAR_\w+)=(\S*)/gm)];

    const config = loadConfig(
      Object.fromEntries(
        settings.map(([, variable = '', value = '']) => [variable, value.replace('%i', '4471')]),
      ),
    );

    expect(config.servers).toBeDefined();
    expect(config.monitoring?.port).toBe(monitoringPort);
  });

  it('give a process more time to stop than it drains', async () => {
    const settings = await readFile(join(UNITS, 'settings.env'), 'utf8');
    const drain = Number(/^ROOTCELLAR_DRAIN_SECONDS=(\d+)$/m.exec(settings)?.[1]);
    const unit = await readFile(join(UNITS, 'rootcellar-api@.service'), 'utf8');

    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(drain);
  });
});
