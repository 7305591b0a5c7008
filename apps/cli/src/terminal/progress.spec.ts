import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SetClock } from '../testing/set-clock.js';
import { Written } from '../testing/try-world.js';
import { Output } from './output.js';
import { Progress } from './progress.js';

const MIB = 1024 * 1024;

interface Shown {
  readonly clock: SetClock;
  readonly stderr: Written;
  readonly output: Output;
  readonly progress: Progress;
}

function show(options: { readonly watched?: boolean; readonly quiet?: boolean } = {}): Shown {
  const clock = new SetClock();
  const stderr = new Written(options.watched);
  const quiet = options.quiet === true;
  const output = new Output({ stdout: new Written(), stderr, json: false, quiet });
  return { clock, stderr, output, progress: new Progress(output, clock, 'Pushing') };
}

describe('progress on a terminal', () => {
  it('is one line that is written over: percent, bytes, files, rate, what is left', () => {
    const { clock, stderr, progress } = show({ watched: true });
    progress.expect({ files: 10, bytes: 100 * MIB });

    clock.pass(1000);
    progress.add({ files: 1, bytes: 10 * MIB });
    clock.pass(1000);
    progress.add({ files: 1, bytes: 15 * MIB });

    expect(stderr.text.split('\r\u001b[K')).toEqual([
      '',
      'Pushing 10 % · 10.0 MiB of 100.0 MiB · 1 of 10 files · 10.0 MiB/s · 9 s left',
      'Pushing 25 % · 25.0 MiB of 100.0 MiB · 2 of 10 files · 12.5 MiB/s · 6 s left',
    ]);
  });

  it('is renewed ten times a second at most', () => {
    const { clock, stderr, progress } = show({ watched: true });

    for (let at = 0; at < 1000; at += 1) {
      clock.pass(1);
      progress.add({ files: 1, bytes: 1 });
    }

    expect(stderr.text.match(/\r/g)).toHaveLength(10);
  });

  it('makes room for a word in between, and for what comes behind it', () => {
    const { clock, stderr, output, progress } = show({ watched: true });
    clock.pass(1000);
    progress.add({ files: 1, bytes: 1 });

    output.note('a word');
    progress.close();

    expect(stderr.text.endsWith('files · 1 B/s\r\u001b[Ka word\n')).toBe(true);
  });

  it('follows a change of speed', () => {
    const { clock, stderr, progress } = show({ watched: true });
    for (let second = 0; second < 60; second += 1) {
      clock.pass(1000);
      progress.add({ files: 0, bytes: second < 30 ? 100 * MIB : MIB });
    }

    expect(stderr.text).toMatch(/1\.0 MiB\/s$/);
  });
});

describe('progress without a terminal', () => {
  it('is a plain line every ten seconds', () => {
    const { clock, stderr, progress } = show();
    for (let second = 0; second < 25; second += 1) {
      clock.pass(1000);
      progress.add({ files: 1, bytes: MIB });
    }

    expect(stderr.text).toBe(
      'Pushing 10.0 MiB · 10 files · 1.0 MiB/s\nPushing 20.0 MiB · 20 files · 1.0 MiB/s\n',
    );
  });

  it('is silent with --quiet, on a terminal too', () => {
    for (const watched of [true, false]) {
      const { clock, stderr, output, progress } = show({ watched, quiet: true });
      clock.pass(60_000);

      progress.add({ files: 1, bytes: 1 });
      output.note('a word');

      expect(stderr.text).toBe('');
    }
  });
});

it('never claims more than 100 %, or a time that is over', () => {
  const steps = fc.array(fc.tuple(fc.nat(5000), fc.nat(MIB)), { minLength: 1 });
  fc.assert(
    fc.property(fc.nat(MIB), steps, (total, all) => {
      const { clock, stderr, progress } = show({ watched: true });
      progress.expect({ files: 1, bytes: total });

      for (const [ms, bytes] of all) {
        clock.pass(ms);
        progress.add({ files: 0, bytes });
      }

      const percents = [...stderr.text.matchAll(/(\d+) %/g)].map(([, n]) => Number(n));
      expect(Math.max(0, ...percents)).toBeLessThanOrEqual(100);
      expect(stderr.text).not.toMatch(/-\d|NaN|Infinity/);
    }),
  );
});
