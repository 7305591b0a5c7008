import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  SHARED_SERVER_MS,
  ensurePrograms,
  makeAgent,
  makeTemporaryFolder,
} from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';

const run = promisify(execFile);

let room: TemporaryFolder;
beforeAll(async () => {
  await ensurePrograms({ 'systemd-analyze': 'systemd' });
  room = await makeTemporaryFolder('100% "mine"');
}, SHARED_SERVER_MS);
afterAll(async () => room.remove());

describe('the unit of `agent install`', () => {
  it('is understood by systemd, without a warning, whatever is in the paths', async () => {
    const agent = makeAgent({ home: join(room.path, 'home $HOME'), url: 'http://127.0.0.1:1' });
    const end = await agent.run('agent', 'install', room.path, '--dry-run');
    const { files } = JSON.parse(end.stdout) as {
      readonly files: readonly { readonly path: string; readonly text: string }[];
    };
    const unit = join(room.path, 'rootcellar-agent.service');
    await writeFile(unit, files[1]?.text ?? '');

    const { stdout, stderr } = await run('systemd-analyze', ['--user', 'verify', unit], {
      env: { ...process.env, XDG_RUNTIME_DIR: room.path },
    });

    expect(`${stdout}${stderr}`).toBe('');
  });
});
