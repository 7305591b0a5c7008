import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { QueryFailedError } from 'typeorm';
import { toArchiveError } from './database-errors.js';

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('toArchiveError', () => {
  it.each([
    ['a connection that breaks off', failure('Connection terminated unexpectedly')],
    ['a server that is gone', failure('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED')],
    ['a server that is going', failure('terminating connection', '57P01')],
    ['a server that is not ready', failure('the database system is starting up', '57P03')],
    ['a certificate nobody trusts', failure('…', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
    ['a server without TLS', failure('The server does not support SSL connections')],
  ])('tells %s as DATABASE_FAILED', (_, error) => {
    expect(toArchiveError(error)).toMatchObject({ code: 'DATABASE_FAILED' });
    expect(toArchiveError(new QueryFailedError('select 1', [], error))).toMatchObject({
      code: 'DATABASE_FAILED',
    });
  });

  it.each([
    ['SERVER_BUSY', '40P01'],
    ['SERVER_BUSY', '57014'],
    ['STORAGE_FULL', '53100'],
  ])('tells %s for the state %s', (code, state) => {
    expect(toArchiveError(failure('…', state))).toMatchObject({ code });
  });

  it('keeps neither statement nor parameters', () => {
    const error = new QueryFailedError('select $1', ['a secret'], failure('…', '08006'));

    const told = toArchiveError(error);

    expect(told).toBeInstanceOf(ArchiveError);
    expect((told as ArchiveError).cause).toBe(error.driverError);
  });

  it('leaves faults as they are', () => {
    const fault = new QueryFailedError('selec', [], failure('syntax error', '42601'));

    expect(toArchiveError(fault)).toBe(fault);
    expect(toArchiveError('text')).toBe('text');
  });
});
