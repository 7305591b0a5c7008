import { describe, expect, it } from '@jest/globals';
import { judgeGap } from './judge-gap.js';
import type { UnkeptVersion } from './judge-gap.js';

const THREE: UnkeptVersion = {
  ...{ version: '3.0', build: '30', externalVersionId: '300', fromStore: true },
  ...{ installedOn: ['Ada’s iPhone'], wholeSnapshots: 2, newest: undefined },
};
const FOUR = { version: '4.0', build: '40', externalVersionId: '400' };

describe('a version without a package', () => {
  it('is about to be lost while a device has it and there is a newer one', () => {
    const { kind, next } = judgeGap({ ...THREE, newest: FOUR });

    expect(kind).toBe('about-to-be-lost');
    expect(next).toMatch(/^Do not update the app on Ada’s iPhone before .* number 300 .*\.$/);
  });

  it.each([
    ['there is no newer one', { newest: { ...FOUR, externalVersionId: '200' } }],
    ['nothing is known of others', {}],
    ['no backup with its data is whole', { installedOn: [], wholeSnapshots: 0 }],
  ])('was seen only, when %s', (_, more) => {
    expect(judgeGap({ ...THREE, ...more }).kind).toBe('seen');
  });

  it('has left its data behind when no device has it any more', () => {
    const { kind, next } = judgeGap({ ...THREE, installedOn: [] });

    expect(kind).toBe('data');
    expect(next).toContain('in 2 backups');
  });

  it('is asked for where it came from', () => {
    const own = { ...THREE, externalVersionId: undefined, fromStore: false };

    expect(judgeGap(own).next).toContain('ask who built it');
    expect(judgeGap({ ...own, fromStore: undefined }).next).toContain('old library of iTunes');
  });

  it('names all devices, in one sentence', () => {
    const { next } = judgeGap({ ...THREE, installedOn: ['A', 'B', 'C'] });

    expect(next).toContain('while A, B and C still have it');
    expect(next.match(/\.(\s|$)/g)).toHaveLength(1);
  });
});
