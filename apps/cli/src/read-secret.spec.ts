import { describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from './context.js';
import { ask, readSecret } from './read-secret.js';
import { tempFolder } from './testing/temp-folder.js';
import { Terminal, tryWorld } from './testing/try-world.js';
import type { TryWorld } from './testing/try-world.js';

const PASSWORD = { prompt: 'Password', option: '--password-file <file>' };
const EMAIL = { prompt: 'E-mail address', option: '--email <address>' };

function worldWith(spec: { readonly piped?: string; readonly keys?: Terminal } = {}): {
  readonly world: TryWorld;
  readonly context: Context;
} {
  const world = tryWorld({ configFolder: '/nowhere', watched: spec.keys !== undefined, ...spec });
  return { world, context: new Context(world, {}) };
}

describe('a secret from a file', () => {
  it.each([
    ['a line', 'secret\n'],
    ['a line of Windows', 'secret\r\n'],
    ['a line without an end', 'secret'],
    ['the first of several lines', 'secret\nsomething else\n'],
  ])('is %s', async (_, text) => {
    await using temp = await tempFolder();
    const file = join(temp.path, 'password');
    await writeFile(file, text);

    expect(await readSecret(worldWith().context, { ...PASSWORD, file })).toBe('secret');
  });

  it('keeps the blanks that belong to it', async () => {
    await using temp = await tempFolder();
    const file = join(temp.path, 'password');
    await writeFile(file, '  correct horse  \n');

    expect(await readSecret(worldWith().context, { ...PASSWORD, file })).toBe('  correct horse  ');
  });

  it.each([
    ['empty', ''],
    ['an empty line', '\nsecret\n'],
    ['longer than any secret', 'x'.repeat(5000)],
  ])('is refused when it is %s', async (_, text) => {
    await using temp = await tempFolder();
    const file = join(temp.path, 'password');
    await writeFile(file, text);

    await expect(readSecret(worldWith().context, { ...PASSWORD, file })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it('says where it looked when there is none', async () => {
    const read = readSecret(worldWith().context, { ...PASSWORD, file: '/no/such/file' });

    await expect(read).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: expect.stringContaining('/no/such/file'),
    });
  });

  it('does not read an endless file to its end', async () => {
    const read = readSecret(worldWith().context, { ...PASSWORD, file: '/dev/zero' });

    await expect(read).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

it('a secret comes from standard input when the file is "-"', async () => {
  const { context } = worldWith({ piped: 'pässword\n' });

  expect(await readSecret(context, { ...PASSWORD, file: '-' })).toBe('pässword');
});

describe('a secret that is typed', () => {
  it('is not shown', async () => {
    const keys = new Terminal();
    const { world, context } = worldWith({ keys });
    const secret = readSecret(context, PASSWORD);

    keys.write('sex\u007fcret 📱\r');

    expect(await secret).toBe('secret 📱');
    expect(world.stderr.text).toBe('Password: \n');
    expect(keys.raw).toBe(false);
  });

  it('can follow something that is shown', async () => {
    const keys = new Terminal();
    const { world, context } = worldWith({ keys });
    const email = ask(context, EMAIL);
    keys.write('ada@example.org\r');
    expect(await email).toBe('ada@example.org');
    const secret = readSecret(context, PASSWORD);
    keys.write('secret\r');

    expect(await secret).toBe('secret');
    expect(world.stderr.text).toContain('ada@example.org');
    expect(world.stderr.text).not.toContain('secret');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('can be left with %s, and the terminal is as it was', async (_, key) => {
    const keys = new Terminal();
    const { context } = worldWith({ keys });
    const secret = readSecret(context, PASSWORD);

    keys.write(key);

    await expect(secret).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(keys.raw).toBe(false);
  });

  it('is not waited for when the command is told to stop', async () => {
    const { world, context } = worldWith({ keys: new Terminal() });
    const secret = readSecret(context, PASSWORD);

    world.interrupt();

    await expect(secret).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('is not asked for where nobody sits', async () => {
    const { context } = worldWith();

    await expect(readSecret(context, PASSWORD)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: 'Give it with `--password-file <file>`.',
    });
    await expect(ask(context, EMAIL)).rejects.toMatchObject({
      hint: 'Give it with `--email <address>`.',
    });
  });
});
