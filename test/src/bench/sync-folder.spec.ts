import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countDifferences, syncFolder } from './sync-folder.js';

let source: string;
let target: string;
beforeEach(async () => {
  source = mkdtempSync(join(tmpdir(), 'bench-spec-'));
  target = join(source, '..', `${source.slice(-6)}-bench-target`);
  mkdirSync(join(source, 'aa'));
  writeFileSync(join(source, 'aa', 'same'), 'stays');
  writeFileSync(join(source, 'aa', 'edited'), 'before');
  writeFileSync(join(source, 'gone'), 'leaves');
  await syncFolder(source, target);
});
afterEach(() => {
  rmSync(source, { recursive: true });
  rmSync(target, { recursive: true });
});

describe('syncFolder', () => {
  it('writes only what differs and leaves the rest untouched, even when its time differs', async () => {
    writeFileSync(join(source, 'aa', 'same'), 'stays');
    writeFileSync(join(source, 'aa', 'edited'), 'after.');
    rmSync(join(source, 'gone'));
    const { ino, mtimeMs } = statSync(join(target, 'aa', 'same'));

    const result = await syncFolder(source, target);

    expect(result).toEqual({ written: 1, removed: 1, kept: 1 });
    expect(readFileSync(join(target, 'aa', 'edited'), 'utf8')).toBe('after.');
    expect(statSync(join(target, 'aa', 'same'))).toMatchObject({ ino, mtimeMs });
  });
});

describe('countDifferences', () => {
  it('counts what is missing, other and too many', async () => {
    writeFileSync(join(target, 'aa', 'same'), 'other');
    writeFileSync(join(target, 'extra'), '');
    rmSync(join(target, 'gone'));

    expect(await countDifferences(source, target)).toBe(3);
    expect(await countDifferences(source, source)).toBe(0);
  });
});
