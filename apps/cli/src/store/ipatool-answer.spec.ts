import { describe, expect, it } from '@jest/globals';
import { ipatoolFailure, readIpatoolAnswer } from './ipatool-answer.js';

describe('what ipatool says at its end', () => {
  it('is its last line with a success', () => {
    const said = [
      'downloading',
      '{"level":"info","email":"x","success":true}',
      '{"level":"info","output":"/tmp/a.ipa","purchased":false,"success":true,"time":"2026-11-26T03:00:00Z"}',
      '{broken',
      '',
    ].join('\n');

    expect(readIpatoolAnswer(said)).toEqual({
      ...{ success: true, output: '/tmp/a.ipa', purchased: false, error: undefined },
    });
  });

  it.each(['', 'nothing of use', '{"level":"info"}', '[1]', '{"success":"yes"}'])(
    'is nothing in %j',
    (said) => {
      expect(readIpatoolAnswer(said)).toBeUndefined();
    },
  );

  it.each([
    [
      'failed to get account: failed to get item: The specified item could not be found in the keyring',
      'STORE_NOT_SIGNED_IN',
    ],
    [
      'keychain passphrase is required when not running in interactive mode; use the "--keychain-passphrase" flag',
      'STORE_NOT_SIGNED_IN',
    ],
    ['password token is expired', 'STORE_NOT_SIGNED_IN'],
    ["failed to purchase item with param 'STDQ': password token is expired", 'STORE_NOT_SIGNED_IN'],
    ['license is required', 'STORE_NO_LICENCE'],
    ['purchasing paid apps is not supported', 'STORE_NO_LICENCE'],
    ['app not found', 'STORE_NO_SUCH_VERSION'],
    ['received error: This item is No Longer Available', 'STORE_NO_SUCH_VERSION'],
    ['item is temporarily unavailable', 'STORE_UNAVAILABLE'],
    [
      'failed to send http request: dial tcp: lookup buy.itunes.apple.com: no such host',
      'STORE_UNAVAILABLE',
    ],
    ['something went wrong', 'STORE_TOOL_FAILED'],
  ])('%j is %s', (said, code) => {
    expect(ipatoolFailure(said).code).toBe(code);
  });

  it('does not give away whose Apple ID it is, nor where things lie', () => {
    const { message } = ipatoolFailure(
      'account ada@example.org not in C:\\Users\\ada or /home/ada/.ipatool',
    );

    expect(message).not.toMatch(/ada/);
  });
});
