import { describe, expect, it } from '@jest/globals';
import { ArchiveError, isArchiveError } from './archive-error.js';
import type { ErrorKind } from './archive-error.js';
import { ERRORS } from './errors.js';
import type { ErrorCode } from './errors.js';

/** Every kind once: a new one must be added here, and to the tables of the edges. */
const KINDS: Readonly<Record<ErrorKind, true>> = {
  invalid: true,
  unauthenticated: true,
  forbidden: true,
  'not-found': true,
  conflict: true,
  'too-many': true,
  corrupt: true,
  full: true,
  unavailable: true,
  interrupted: true,
  failed: true,
};

const ROWS = Object.entries(ERRORS) as [ErrorCode, (typeof ERRORS)[ErrorCode]][];

describe('the table of errors', () => {
  it.each(ROWS)('%s is upper case, of a known kind, and explained in sentences', (code, row) => {
    const [kind, meaning] = row;

    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(Object.keys(KINDS)).toContain(kind);
    expect(meaning).toMatch(/^[A-Z].*\.$/s);
  });

  it('has an error of every kind', () => {
    const used = new Set(ROWS.map(([, [kind]]) => kind));

    expect([...used].toSorted()).toEqual(Object.keys(KINDS).toSorted());
  });

  it('explains no two errors alike', () => {
    expect(new Set(ROWS.map(([, [, meaning]]) => meaning)).size).toBe(ROWS.length);
  });
});

describe('ArchiveError', () => {
  it('is an error with code, kind, details, hint and cause', () => {
    const cause = new Error('ENOSPC');

    const error = new ArchiveError('STORAGE_FULL', 'The disk is full.', {
      cause,
      details: { free: 0 },
      hint: 'Make room.',
    });

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'ArchiveError',
      code: 'STORAGE_FULL',
      kind: 'full',
      message: 'The disk is full.',
      details: { free: 0 },
      hint: 'Make room.',
      cause,
    });
  });

  it('has no cause, no hint and no details unless they are given', () => {
    const error = new ArchiveError('NOT_FOUND', 'There is none.');

    expect('cause' in error).toBe(false);
    expect(error.hint).toBeUndefined();
    expect(error.details).toEqual({});
  });
});

describe('isArchiveError', () => {
  const full = new ArchiveError('STORAGE_FULL', 'full');

  it('knows one by any of the codes asked for, or by none', () => {
    expect(isArchiveError(full)).toBe(true);
    expect(isArchiveError(full, 'NOT_FOUND', 'STORAGE_FULL')).toBe(true);
    expect(isArchiveError(full, 'NOT_FOUND')).toBe(false);
  });

  it('knows one that a second copy of this module made', () => {
    const foreign = Object.assign(new Error('full'), {
      name: 'ArchiveError',
      code: 'STORAGE_FULL',
    });

    expect(isArchiveError(foreign, 'STORAGE_FULL')).toBe(true);
  });

  it.each([
    undefined,
    null,
    'STORAGE_FULL',
    new Error('x'),
    Object.assign(new Error('x'), { code: 'STORAGE_FULL' }),
    Object.assign(new Error('x'), { name: 'ArchiveError' }),
    { name: 'ArchiveError', code: 'STORAGE_FULL' },
  ])('knows that %p is none', (value) => {
    expect(isArchiveError(value)).toBe(false);
  });
});
