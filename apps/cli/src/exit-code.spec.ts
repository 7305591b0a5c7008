import { describe, expect, it } from '@jest/globals';
import { ArchiveError, ERRORS } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { EXIT, EXIT_HELP, exitCodeOf } from './exit-code.js';

describe('exit codes', () => {
  it.each<[ErrorCode, number]>([
    ['INPUT_INVALID', 2],
    ['NOT_FOUND', 10],
    ['BACKUP_NOT_FOUND', 10],
    ['SETUP_DONE', 11],
    ['PUSH_RUNNING', 11],
    ['RESTORE_TARGET_EXISTS', 11],
    ['NOT_SIGNED_IN', 12],
    ['SIGN_IN_FAILED', 12],
    ['FORBIDDEN', 12],
    ['BACKUP_NOT_A_BACKUP', 20],
    ['BACKUP_INCOMPLETE', 20],
    ['CHUNK_DAMAGED', 20],
    ['STORAGE_FULL', 75],
    ['RESTORE_TARGET_FULL', 75],
    ['SERVER_UNREACHABLE', 75],
    ['BACKUP_CHANGING', 75],
    ['INTERRUPTED', 130],
    ['INTERNAL', 1],
    ['RESTORE_TARGET_FAILED', 1],
  ])('say %s as %d', (code, expected) => {
    expect(exitCodeOf(new ArchiveError(code, 'a message'))).toBe(expected);
  });

  it('are 1 for a fault of ours', () => {
    expect(exitCodeOf(new TypeError('no function'))).toBe(EXIT.failed);
    expect(exitCodeOf('a string')).toBe(EXIT.failed);
  });

  it('exist for every code there is, are never 0, and are all in the help', () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const exitCode = exitCodeOf(new ArchiveError(code, 'a message'));

      expect(exitCode).toBeGreaterThan(0);
      expect(EXIT_HELP).toMatch(new RegExp(`(^|[^0-9])${String(exitCode)} [a-z]`, 'm'));
    }
  });
});
