import { describe, expect, it } from '@jest/globals';
import { Written } from '../testing/try-world.js';
import { Output } from './output.js';

function output(flags: { readonly json?: boolean; readonly quiet?: boolean } = {}): {
  readonly stdout: Written;
  readonly stderr: Written;
  readonly output: Output;
} {
  const [stdout, stderr] = [new Written(), new Written()];
  const { json = false, quiet = false } = flags;
  return { stdout, stderr, output: new Output({ stdout, stderr, json, quiet }) };
}

describe('Output', () => {
  it('gives the text to people and the JSON to programs, on standard output', () => {
    const [people, programs] = [output(), output({ json: true })];

    for (const { output: one } of [people, programs]) one.result({ n: 1 }, 'one');

    expect([people.stdout.text, programs.stdout.text]).toEqual(['one\n', '{"n":1}\n']);
    expect(people.stderr.text + programs.stderr.text).toBe('');
  });

  it('keeps notes to itself with --quiet, errors never', () => {
    const { output: quiet, stderr } = output({ quiet: true });

    quiet.note('a note');
    quiet.error('an error');

    expect(stderr.text).toBe('an error\n');
  });

  it('does not let names steer the terminal', () => {
    const { output: plain, stdout, stderr } = output();

    plain.result({}, 'photo\u001b[2J.jpg\nnext\r\u0007');
    plain.note('\u009b31m red');

    expect(stdout.text).toBe('photo\ufffd[2J.jpg\nnext\ufffd\ufffd\n');
    expect(stderr.text).toBe('\ufffd31m red\n');
  });

  it('gives alerts in red to whoever watches a terminal, and plainly to all others', () => {
    const [watched, plain, uncolored] = [new Written(true), new Written(), new Written(true)];
    const told = (stderr: Written, color: boolean): string => {
      const streams = { stdout: new Written(), stderr, json: false, quiet: true, color };
      new Output(streams).alert('look\u001b here');
      return stderr.text;
    };

    expect(told(watched, true)).toBe('\u001b[31mlook\ufffd here\u001b[0m\n');
    expect(told(plain, true)).toBe('look\ufffd here\n');
    expect(told(uncolored, false)).toBe('look\ufffd here\n');
  });
});
