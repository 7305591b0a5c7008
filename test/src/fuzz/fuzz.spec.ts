import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { Fuzzer } from './fuzzer.js';
import type { Finding, Trial } from './fuzzer.js';
import type { Target } from './target.js';
import { everyTarget } from './targets/every-target.js';
import type { EveryTarget } from './targets/every-target.js';

const TRIALS_PER_TARGET = 150;

let every: EveryTarget;
beforeAll(async () => {
  every = await everyTarget();
});
afterAll(async () => every[Symbol.asyncDispose]());

async function tryOften(targets: readonly Target[], each: number, seed = 1): Promise<Trial[]> {
  const fuzzer = new Fuzzer(targets, { seed });
  const trials: Trial[] = [];
  for (let left = each * targets.length; left > 0; left -= 1) trials.push(await fuzzer.next());
  return trials;
}

function told({ target, why, input }: Finding): string {
  return `${target} ${why}; input: ${input.toString('base64')}`;
}

describe('every parser of bytes from outside', () => {
  it('refuses what it cannot read by a known code, and nothing else happens', async () => {
    const trials = await tryOften(every.targets, TRIALS_PER_TARGET);

    expect(trials.flatMap(({ finding }) => (finding === undefined ? [] : told(finding)))).toEqual(
      [],
    );
  }, 120_000);

  it('is reached on both ways: some inputs are read and some refused', async () => {
    const trials = await tryOften(every.targets, 60, 2);

    for (const { name } of every.targets) {
      const own = trials.filter(({ target }) => target === name);
      expect(`${name}: ${own.some(({ refusal }) => refusal === undefined)}`).toBe(`${name}: true`);
      expect(`${name}: ${own.some(({ refusal }) => refusal !== undefined)}`).toBe(`${name}: true`);
    }
  }, 120_000);
});

describe('a fuzzer', () => {
  const seeds = [Buffer.from('a seed of some length')];

  it('finds what fails in another way than by a refusal', async () => {
    const fragile: Target = {
      ...{ name: 'fragile', seeds },
      run: (input) => {
        if (!input.equals(seeds[0] ?? input)) throw new RangeError('out of range');
      },
    };

    const [first, second] = await tryOften([fragile], 2);

    expect(first?.finding).toBeUndefined();
    expect(second?.finding).toMatchObject({ target: 'fragile', iteration: 1 });
    expect(second?.finding?.why).toContain('out of range');
  });

  it('finds what refuses even that which is well-formed', async () => {
    const strict: Target = {
      ...{ name: 'strict', seeds },
      run: () => {
        throw new ArchiveError('PLIST_INVALID', 'Nothing is good enough.');
      },
    };

    const [first] = await tryOften([strict], 1);

    expect(first?.finding?.why).toBe('refuses a seed: PLIST_INVALID');
  });

  it('tries the same inputs for the same seed', async () => {
    const inputs: string[][] = [[], [], []];
    for (const [at, seed] of [3, 3, 4].entries()) {
      const run = (input: Buffer): void => void inputs[at]?.push(input.toString('base64'));
      await tryOften([{ name: 'any', seeds, run }], 30, seed);
    }

    expect(inputs[0]).toEqual(inputs[1]);
    expect(inputs[0]).not.toEqual(inputs[2]);
  });
});
