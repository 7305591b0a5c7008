import { describe, expect, it } from '@jest/globals';
import { packageProblems } from './package-problems.js';
import type { ProblemFacts } from './package-problems.js';

const SOUND: ProblemFacts = {
  ...{ version: '2.0', storeVersion: '2.0', fairPlayEncrypted: true, hasSinf: true },
  artworkIsPicture: true,
};

describe('what to know before relying on a package', () => {
  it.each([
    SOUND,
    { version: '1.0' },
    { version: '1.0', fairPlayEncrypted: false, hasSinf: false },
  ])('is mostly nothing: %p', (facts) => {
    expect(packageProblems(facts)).toEqual([]);
  });

  it.each([
    ['metadata-unreadable', { metadataProblem: 'unreadable' }, 'cannot be read and was ignored'],
    ['metadata-too-large', { metadataProblem: 'too-large' }, 'larger than any real one'],
    ['metadata-other-app', { metadataProblem: 'other-app' }, 'is of another app and was ignored'],
    ['metadata-other-version', { storeVersion: '1.9' }, 'version 1.9; the app itself says 2.0'],
    ['rights-missing', { hasSinf: false }, 'rights (sinf) are not in the package'],
    ['rights-other-app', { sinfProblem: 'other-app' }, 'are of another app'],
    ['rights-unreadable', { sinfProblem: 'unreadable' }, 'cannot be read'],
    ['artwork-no-picture', { artworkIsPicture: false }, 'is no picture'],
  ] as const)('tells %s', (code, facts, said) => {
    const [problem, ...others] = packageProblems({ ...SOUND, ...facts });

    expect(problem?.code).toBe(code);
    expect(problem?.message).toContain(said);
    expect(others).toEqual([]);
  });
});
