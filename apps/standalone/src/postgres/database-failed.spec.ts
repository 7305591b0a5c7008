import { describe, expect, it } from '@jest/globals';
import { databaseFailed } from './database-failed.js';

describe('a database that failed', () => {
  it('is told with what it said last, without control characters', () => {
    const said = 'one\ntwo\nthree\nfour\nfi\u001b[31mve\n\nsix\n';

    const error = databaseFailed('It did not start.', { said, hint: 'Look.' });

    expect(error).toMatchObject({ code: 'DATABASE_FAILED', message: 'It did not start.' });
    expect(error.hint).toBe('Look.');
    expect(error.details).toEqual({ said: ['two', 'three', 'four', 'fi [31mve', 'six'] });
  });

  it.each(['No space left on device', 'Disk quota exceeded'])(
    'is a full disk where that is what it said: %s',
    (reason) => {
      const said = `FATAL:  could not write lock file "postmaster.pid": ${reason}\n`;

      const error = databaseFailed('It did not start.', { said, hint: 'Look.' });

      expect(error.code).toBe('STORAGE_FULL');
      expect(error.message).toBe('It did not start. Its disk has no room left.');
      expect(error.hint).toContain('Make room');
    },
  );
});
