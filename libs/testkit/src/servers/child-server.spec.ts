import { describe, expect, it } from '@jest/globals';
import { startChildServer } from './child-server.js';
import { ensurePrograms } from './debian-packages.js';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('startChildServer', () => {
  it('runs a program until it is stopped', async () => {
    const server = await startChildServer('sleep', ['60']);
    const before = isRunning(server.pid);

    await server.stop();

    expect([before, isRunning(server.pid)]).toEqual([true, false]);
  });

  it('tells the last words of a program that ends by itself', async () => {
    const server = await startChildServer('sh', ['-c', 'echo no such setting >&2; exit 1']);

    await expect(server.ended).rejects.toThrow('no such setting');
    await server.stop();
  });
});

describe('ensurePrograms', () => {
  it('is content with programs that are there', async () => {
    await expect(ensurePrograms({ sh: 'dash', sleep: 'coreutils' })).resolves.toBeUndefined();
  });
});
