import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Context } from './context.js';
import { readPolicyFile } from './read-policy-file.js';
import { tempFolder } from './testing/temp-folder.js';
import { tryWorld } from './testing/try-world.js';

const invalid = (message: RegExp): unknown =>
  expect.objectContaining({
    code: 'RETENTION_POLICY_INVALID',
    message: expect.stringMatching(message),
  });

/** What comes from standard input. */
async function piped(text: string): Promise<unknown> {
  const context = new Context(tryWorld({ configFolder: '/nowhere', piped: text }), {});
  return readPolicyFile(context, '-');
}

describe('a policy file', () => {
  it('is read, with the mark that editors on Windows write', async () => {
    await using temp = await tempFolder();
    const file = join(temp.path, 'policy.json');
    await writeFile(file, '\ufeff{"budget": "5 GB"}\r\n');
    const context = new Context(tryWorld({ configFolder: temp.path }), {});

    expect(await readPolicyFile(context, file)).toEqual({ budget: '5 GB' });
    expect(await piped('{"a": [1, null]}')).toEqual({ a: [1, null] });
  });

  it.each([
    ['{"a": 1,\n "b": 2,}', /line 2, column 9, at "}"/],
    ['[1,]', /line 1, column 4, at "]"/],
    ['{\n  // days\n  "a": 1\n}', /line 2, column 3, at "\/\/"/],
    ["{'a': 1}", /line 1, column 2, at "'a':"/],
    ['{"a": tru}', /line 1, column 10, at "}"/],
    ['{"a": 1 "b": 2}', /line 1, column 9, at "\\"b\\":"/],
    ['{"a": "x\ny"}', /line 1, column 9, at "\\n"/],
    ['{"a": 1}}', /line 1, column 9/],
    ['{"a": NaN}', /line 1, column 7, at "NaN}"/],
    ['{"a": [1', /ends too early/],
    ['', /ends too early/],
    [' ', /ends too early/],
  ])('that is no JSON is refused with the place: %j', async (text, where) => {
    await expect(piped(text)).rejects.toEqual(invalid(where));
  });

  it('is not read beyond what the service takes', async () => {
    await expect(piped(`[${'1,'.repeat(200_000)}1]`)).rejects.toEqual(invalid(/256 KiB/));
  });

  it('has to be there', async () => {
    const context = new Context(tryWorld({ configFolder: '/nowhere' }), {});

    await expect(readPolicyFile(context, '/nowhere/at/all')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});
