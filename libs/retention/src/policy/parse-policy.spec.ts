import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import fc from 'fast-check';
import { arbitraryPolicy } from '../testing/arbitrary-policy.js';
import { parsePolicy } from './parse-policy.js';

const FULL = {
  snapshots: {
    ...{ last: 3, hourly: 0, daily: 7, weekly: 4, monthly: 12, yearly: 3 },
    within: '14d',
  },
  versions: {
    ...{ last: 3, lastPerMajor: 1, beforeSubscription: true, onDevices: true, runnable: true },
    within: '30d',
  },
  budget: '500 GB',
  minimumKeep: '7d',
  binDays: 7,
  devices: { 'd-1': { snapshots: { daily: 30 } } },
  apps: { 'app.notes': { versions: { last: 10 } } },
};

function failureOf(value: unknown): unknown {
  try {
    parsePolicy(value);
  } catch (error) {
    return error;
  }
  return undefined;
}

/** What is said about a policy that is refused. */
function refusal(value: unknown): { message: string; path: unknown; hint: string | undefined } {
  const failure = failureOf(value);
  if (!isArchiveError(failure, 'RETENTION_POLICY_INVALID')) throw new Error('Not refused.');
  return { message: failure.message, path: failure.details['path'], hint: failure.hint };
}

/** JSON with the keys of a policy in likely and unlikely places. */
const nearPolicy = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.constantFrom<unknown>(0, -0, 1, 7, 1e300, true, false, null, '', '14d', '0d', '500 GB'),
      fc.jsonValue(),
    ),
    fc.dictionary(
      fc.constantFrom(
        ...['snapshots', 'versions', 'devices', 'apps', 'budget', 'minimumKeep', 'binDays'],
        ...['last', 'daily', 'within', 'runnable', '__proto__', 'constructor', 'x'],
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
    fc.array(tie('value'), { maxLength: 2 }),
  ),
})).value;

describe('parsePolicy', () => {
  it('gives the normal form, frozen', () => {
    const policy = parsePolicy(FULL);

    expect(policy).toEqual({ ...FULL, budget: 500e9 });
    expect(Object.isFrozen(policy)).toBe(true);
    expect(Object.isFrozen(policy.snapshots)).toBe(true);
    expect(Object.isFrozen(policy.devices?.['d-1']?.snapshots)).toBe(true);
  });

  it.each([
    [500_000_000_000, 500e9],
    ['500 GB', 500e9],
    ['1.5 TB', 1.5e12],
    ['500 GiB', 500 * 1024 ** 3],
    ['2tib', 2 * 1024 ** 4],
    ['1 MB', 1e6],
    ['1000000 B', 1e6],
  ])('reads the budget %p', (budget, bytes) => {
    expect(parsePolicy({ budget })).toEqual({ budget: bytes });
  });

  it.each([
    [0, 'is 0'],
    ['0 GB', 'is 0'],
    [500, 'less than 1 MB'],
    ['500 B', 'less than 1 MB'],
    ['500', 'bytes, or text'],
    ['500 ZB', 'bytes, or text'],
    ['-5 GB', 'bytes, or text'],
    ['1e9 GB', 'bytes, or text'],
    ['99999999 PB', 'bytes, or text'],
    [-1, 'bytes, or text'],
    [1e300, 'bytes, or text'],
    [1_500_000.5, 'bytes, or text'],
    [null, 'bytes, or text'],
  ])('refuses the budget %p', (budget, problem) => {
    expect(refusal({ budget })).toMatchObject({
      path: 'budget',
      message: expect.stringContaining(problem),
    });
  });

  it.each([
    [{ snapshots: { daily: -1 } }, 'snapshots.daily', 'from 0 to 10000'],
    [{ snapshots: { daily: 10_001 } }, 'snapshots.daily', 'from 0 to 10000'],
    [{ snapshots: { daily: 1.5 } }, 'snapshots.daily', 'from 0 to 10000'],
    [{ snapshots: { daily: '7' } }, 'snapshots.daily', 'from 0 to 10000'],
    [{ snapshots: { within: 14 } }, 'snapshots.within', 'such as "14d"'],
    [{ snapshots: { within: '14 days' } }, 'snapshots.within', 'such as "14d"'],
    [{ snapshots: { within: '10001d' } }, 'snapshots.within', 'such as "14d"'],
    [{ versions: { runnable: 1 } }, 'versions.runnable', 'true or false'],
    [{ budget: '1 GB', binDays: 366 }, 'binDays', 'from 0 to 365'],
    [{ budget: '1 GB', minimumKeep: '-1d' }, 'minimumKeep', 'such as "14d"'],
    [{ snapshots: [] }, 'snapshots', 'must be a JSON object'],
    [[], '', 'must be a JSON object'],
    [null, '', 'must be a JSON object'],
  ])('refuses %j at the value that is wrong', (policy, path, problem) => {
    expect(refusal(policy)).toMatchObject({ path, message: expect.stringContaining(problem) });
  });

  it.each([
    [{ dayly: 7 }, '', '"dayly"'],
    [{ snapshots: { dayly: 7 } }, 'snapshots', '"dayly"'],
    [{ snapshots: { runnable: true } }, 'snapshots', '"runnable"'],
    [{ devices: { x: { snapshot: {} } } }, 'devices["x"]', '"snapshot"'],
    [JSON.parse('{"__proto__": {}}'), '', '"__proto__"'],
  ])('refuses the unknown key in %j by its name', (policy, path, name) => {
    expect(refusal(policy)).toMatchObject({
      path,
      message: expect.stringContaining(`unknown key ${name}`),
      hint: expect.stringContaining('Known are '),
    });
  });

  it.each([
    [{ snapshots: {} }, 'snapshots'],
    [{ snapshots: { last: 0 } }, 'snapshots'],
    [{ snapshots: { daily: 0, within: '0d' }, budget: '1 GB' }, 'snapshots'],
    [{ versions: { last: 0, onDevices: false } }, 'versions'],
    [
      { snapshots: { last: 3 }, devices: { x: { snapshots: { last: 0 } } } },
      'devices["x"].snapshots',
    ],
    [{ devices: { x: { snapshots: { last: 0 } } } }, 'devices["x"].snapshots'],
    [{ versions: { last: 1 }, apps: { 'a.b': { versions: { last: 0 } } } }, 'apps["a.b"].versions'],
  ])('refuses %j, which would keep nothing', (policy, path) => {
    expect(refusal(policy)).toMatchObject({
      path,
      message: expect.stringContaining('would keep nothing'),
      hint: expect.stringContaining('leave its section out'),
    });
  });

  it.each([{}, { devices: {} }, { binDays: 7, minimumKeep: '7d' }, { devices: { x: {} } }])(
    'refuses %j, which says nothing',
    (policy) => {
      expect(refusal(policy).message).toContain('neither a rule nor a budget');
    },
  );

  it('refuses overrides of the other kind', () => {
    expect(refusal({ devices: { x: { versions: { last: 1 } } } })).toMatchObject({
      path: 'devices["x"].versions',
      message: expect.stringContaining('versions are kept per app'),
    });
    expect(refusal({ apps: { x: { snapshots: { last: 1 } } } })).toMatchObject({
      path: 'apps["x"].snapshots',
      message: expect.stringContaining('snapshots are kept per device'),
    });
  });

  it('takes a switch-off that leaves something', () => {
    const policy = {
      snapshots: { last: 3, within: '14d' },
      devices: { x: { snapshots: { within: 0, last: 1 } } },
    };

    expect(parsePolicy(policy).devices).toEqual({ x: { snapshots: { within: '0d', last: 1 } } });
  });

  it('takes names of every kind for what they are', () => {
    const policy: unknown = JSON.parse(
      '{"apps": {"__proto__": {"versions": {"last": 2}}, "constructor": {"versions": {"last": 3}}}}',
    );

    expect(JSON.stringify(parsePolicy(policy))).toBe(JSON.stringify(policy));
  });

  it('shows names from outside short and clean', () => {
    const name = `"\u0007${'x'.repeat(1000)}`;
    const { message } = refusal({ [name]: 1 });

    expect(message.length).toBeLessThan(250);
    expect(message).not.toContain('\u0007');
    expect(refusal({ apps: { [name]: {} } }).message).toContain('1 to 255 characters');
    expect(refusal({ apps: { '': {} } }).path).toBe('apps["(blank)"]');
  });

  it('refuses more overrides than a household can mean', () => {
    const devices = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`d${n}`, {}]));

    expect(refusal({ devices }).message).toContain('more than 10000');
  });

  it('meets any value with nothing but its own refusal', () => {
    fc.assert(
      fc.property(fc.oneof(nearPolicy, fc.anything()), (value) => {
        const failure = failureOf(value);

        expect(failure === undefined || isArchiveError(failure, 'RETENTION_POLICY_INVALID')).toBe(
          true,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the same again for what it gave', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(nearPolicy, arbitraryPolicy), (value) => {
        if (failureOf(value) !== undefined) return;
        const policy = parsePolicy(value);
        taken += 1;
        const again = parsePolicy(JSON.parse(JSON.stringify(policy)));
        expect(again).toStrictEqual(policy);
        expect(JSON.stringify(again)).toBe(JSON.stringify(policy));
      }),
      { numRuns: 2000 },
    );

    expect(taken).toBeGreaterThan(200);
  });
});
