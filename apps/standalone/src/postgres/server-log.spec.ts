import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { keepingLog } from '../testing/keeping-log.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openServerLog } from './server-log.js';

describe('the log of PostgreSQL', () => {
  it('keeps what was written last, in bounded room', async () => {
    await using parent = await temporaryFolder();
    const path = join(parent.path, 'pg.log');
    const log = openServerLog(path, keepingLog(), 1000);

    for (let line = 0; line < 500; line += 1) log.write(`line ${line}\n`);
    log.close();

    const sizes = [(await stat(path)).size, (await stat(`${path}.1`)).size];
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    expect(await readFile(path, 'utf8')).toMatch(/line 499\n$/);
  });

  it('adds to what is there', async () => {
    await using parent = await temporaryFolder();
    const path = join(parent.path, 'pg.log');
    for (const text of ['one\n', 'two\n']) {
      const log = openServerLog(path, keepingLog());
      log.write(text);
      log.close();
    }

    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('tells what is new since it was last asked', async () => {
    await using parent = await temporaryFolder();
    const log = openServerLog(join(parent.path, 'pg.log'), keepingLog());

    log.write('one');
    const first = log.takeRecent();
    log.write('x'.repeat(100_000));
    log.close();

    expect(first).toBe('one');
    expect(log.takeRecent()).toHaveLength(16 * 1024);
  });
});
