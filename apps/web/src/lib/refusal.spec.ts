import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@rootcellar/client';
import { refusalOf } from './refusal.js';

const refused = (code: string, detail: string, more = {}): ApiError =>
  new ApiError({ status: 422, code, title: 'Refused', detail, ...more });

describe('the words for a refusal', () => {
  it('go to the fields that validation names', () => {
    const { faults, problem } = refusalOf(
      refused('INPUT_INVALID', 'name must be shorter; email must be an email'),
      ['name', 'email'],
    );

    expect(faults).toEqual({
      name: 'name must be shorter',
      email: 'This is not an e-mail address. One looks like ada@example.org.',
    });
    expect(problem).toBeUndefined();
  });

  it('about a password go to its field, however they begin', () => {
    const error = refused('INPUT_INVALID', 'A password has at least 8 characters.');

    expect(refusalOf(error, ['password']).faults).toEqual({
      password: 'A password has at least 8 characters.',
    });
  });

  it('that a password is weak go to its field', () => {
    const error = refused('PASSWORD_WEAK', 'It is easily guessed.', { hint: 'Take more words.' });

    expect(refusalOf(error, ['password']).faults).toEqual({
      password: 'It is easily guessed. Take more words.',
    });
  });

  it('are about the whole when no field is named', () => {
    const error = refused('CONFLICT', 'It exists already.', { hint: 'Choose another.' });

    expect(refusalOf(error, ['name'])).toEqual({
      faults: {},
      problem: 'It exists already. Choose another.',
      code: 'CONFLICT',
    });
  });

  it('of a fault of the service name the request for its log', () => {
    const error = refused('INTERNAL', 'Something broke.', { status: 500, requestId: 'r-1' });

    expect(refusalOf(error).problem).toBe('Something broke. In the log this is request r-1.');
  });

  it('say that no answer came when none did', () => {
    expect(refusalOf(new TypeError('Failed to fetch')).problem).toMatch(/No answer came/);
  });
});
