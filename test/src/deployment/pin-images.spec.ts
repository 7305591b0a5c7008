import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTemporaryFolder } from '@rootcellar/testkit';
import type { TemporaryFolder } from '@rootcellar/testkit';
import { checkoutFile } from './checkout-file.js';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const FILES = ['docker-compose.yml', 'Dockerfile'];

let room: TemporaryFolder;
beforeAll(async () => {
  room = await makeTemporaryFolder();
  await mkdir(join(room.path, 'deploy'));
  await mkdir(join(room.path, 'bin'));
  for (const file of [...FILES, 'deploy/pin-images']) {
    await copyFile(checkoutFile(file), join(room.path, file));
  }
  // There is no registry here: this one knows a digest for everything.
  const docker = `#!/bin/sh\necho ${DIGEST}\n`;
  await writeFile(join(room.path, 'bin', 'docker'), docker, { mode: 0o755 });
});
afterAll(async () => room.remove());

const pin = async (...options: string[]): Promise<string[]> => {
  const env = { ...process.env, PATH: `${join(room.path, 'bin')}:${process.env['PATH'] ?? ''}` };
  await promisify(execFile)(join(room.path, 'deploy', 'pin-images'), options, { env });
  const texts = await Promise.all(
    FILES.map(async (file) => readFile(join(room.path, file), 'utf8')),
  );
  return [...texts.join('\n').matchAll(/^ *(?:image:|FROM) (\S*[:@]\d?\S*)/gm)]
    .map(([, image = '']) => image)
    .filter((image) => !image.startsWith('$'));
};

describe('deploy/pin-images', () => {
  it('writes a digest behind every tag, and leaves those that have one', async () => {
    const images = await pin();

    expect(images).toHaveLength(7);
    expect(images.filter((image) => !/:[^@]+@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
    expect(images.filter((image) => image.endsWith(DIGEST))).toHaveLength(5);
    expect(await pin()).toEqual(images);
  });

  it('asks for all of them anew when told to', async () => {
    const images = await pin('--renew');

    expect(images.filter((image) => !image.endsWith(`@${DIGEST}`))).toEqual([]);
    expect(images.filter((image) => image.split('@').length !== 2)).toEqual([]);
  });
});
