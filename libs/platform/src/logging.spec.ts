import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logging.js';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(
    createLogger('debug', {
      write: (line) => {
        text += line;
      },
    }),
  );
  return text;
}

const TOKEN = 'rc_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE';

describe('the log', () => {
  it('is one JSON document a line', () => {
    const line = logged((logger) => logger.info({ requestId: 'r', ms: 5 }, 'request'));

    expect(JSON.parse(line)).toMatchObject({ level: 30, requestId: 'r', ms: 5, msg: 'request' });
  });

  it.each([
    ['at the top', { password: 'hunter22' }],
    ['below', { body: { password: 'hunter22' } }],
    ['two below', { request: { headers: { authorization: 'hunter22' } } }],
    ['of a second step', { body: { challenge: 'hunter22', totp: 'hunter22' } }],
    ['told once', { answer: { recoveryCodes: ['hunter22'] } }],
    ['of a provider', { provider: { clientSecret: 'hunter22', verifier: 'hunter22' } }],
    ['of an error', { error: new Error('hunter22') }],
    ['in bytes', { masterKeyBytes: Buffer.from('hunter22') }],
  ])('lacks a secret %s', (_, line) => {
    const text = logged((logger) => logger.info(line, 'a line'));

    expect(text).not.toContain('hunter22');
    expect(text).not.toContain(JSON.stringify([...Buffer.from('hunter22')]).slice(1, -1));
  });

  it.each([
    ['a sign-in', `the header was ${TOKEN}`, TOKEN],
    ['a bearer token', 'Authorization: Bearer eyJhbGciOi.abc', 'eyJhbGciOi'],
    ['a password in an address', 'cannot reach redis://default:hunter22@cache:6379/0', 'hunter22'],
  ])('lacks %s that a message quotes', (_, message, secret) => {
    const text = logged((logger) => logger.error({ fault: { message } }, message));

    expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({ level: 50 });
  });
});
