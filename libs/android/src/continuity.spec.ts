import { describe, expect, it } from '@jest/globals';
import { continuityOf } from './continuity.js';
import type { Signers } from './continuity.js';

const by = (certificates: readonly string[], lineage: readonly string[] = []): Signers => ({
  ...{ certificates, lineage },
});

describe('the signer of a version', () => {
  it.each([
    ['the first there is', by(['a']), undefined, 'first'],
    ['the same', by(['a']), by(['a']), 'same'],
    ['the same ones', by(['a', 'b']), by(['b', 'a']), 'same'],
    ['another', by(['b']), by(['a']), 'other'],
    ['another that proves to follow', by(['b'], ['a', 'b']), by(['a']), 'rotated'],
    ['another that follows somebody else', by(['b'], ['c', 'b']), by(['a']), 'other'],
    ['the former one again', by(['a']), by(['b'], ['a', 'b']), 'other'],
    ['one of two', by(['a']), by(['a', 'b']), 'other'],
    ['not readable', by([]), by(['a']), 'unknown'],
    ['after one that is not readable', by(['a']), by([]), 'unknown'],
  ])('is %s', (_, now, before, continuity) => {
    expect(continuityOf(now, before)).toBe(continuity);
  });
});
