import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@rootcellar/client';
import { ArchiveError } from '@rootcellar/model';
import { requestFailure, toArchiveError } from './service-error.js';

const going = new AbortController().signal;
const withCode = (code: string): Error => Object.assign(new Error(code), { code });

describe('what a request failed with', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_BODY_TIMEOUT', 'ERR_STREAM_PREMATURE_CLOSE'])(
    '%s means that the service is away',
    (code) => {
      const wrapped = new TypeError('fetch failed', { cause: withCode(code) });

      expect(toArchiveError(wrapped, going)).toMatchObject({ code: 'SERVER_UNREACHABLE' });
    },
  );

  it('is away when no address of a name answers', () => {
    const each = new AggregateError([withCode('ENETUNREACH'), withCode('ECONNREFUSED')]);

    expect(toArchiveError(each, going)).toMatchObject({ code: 'SERVER_UNREACHABLE' });
  });

  it.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'HPE_INVALID_CONSTANT'])(
    '%s means that somebody else answers, or somebody nobody vouches for',
    (code) => {
      expect(toArchiveError(withCode(code), going)).toMatchObject({ code: 'PROTOCOL_BROKEN' });
    },
  );

  it('takes an answer that is no JSON for somebody else, but only an answer', () => {
    const unreadable = new SyntaxError('Unexpected token');

    expect(requestFailure(unreadable, going)).toMatchObject({ code: 'PROTOCOL_BROKEN' });
    expect(toArchiveError(unreadable, going)).toBe(unreadable);
  });

  it('names the request when the service has a fault, and only then', () => {
    const problem = { status: 500, title: '', detail: 'A fault.', requestId: '8e37e9bf-31ff' };
    const fault = new ApiError({ ...problem, code: 'INTERNAL' });
    const refusal = new ApiError({ ...problem, code: 'NOT_FOUND' });

    expect(toArchiveError(fault, going)).toMatchObject({
      ...{ code: 'INTERNAL', details: { requestId: '8e37e9bf-31ff' } },
      hint: expect.stringContaining('8e37e9bf-31ff'),
    });
    expect(toArchiveError(refusal, going)).toMatchObject({ code: 'NOT_FOUND', details: {} });
  });

  it.each(['x\u001b[31m', 'a b', 'a'.repeat(65), ''])(
    'shows no request id that is none: %j',
    (requestId) => {
      const problem = { status: 500, title: '', detail: 'A fault.', code: 'INTERNAL', requestId };

      expect(toArchiveError(new ApiError(problem), going)).toMatchObject({ details: {} });
    },
  );

  it('keeps the code of a refusal, and takes one it does not know for a fault', () => {
    const problem = { status: 404, title: '', detail: 'Gone.', hint: 'Look.' };

    expect(toArchiveError(new ApiError({ ...problem, code: 'NOT_FOUND' }), going)).toMatchObject({
      code: 'NOT_FOUND',
      message: 'Gone.',
      hint: 'Look.',
    });
    expect(toArchiveError(new ApiError({ ...problem, code: 'NEW' }), going)).toMatchObject({
      code: 'INTERNAL',
    });
  });

  it('is an interruption once the user asked for it, whatever broke because of that', () => {
    const stopped = AbortSignal.abort();

    expect(toArchiveError(withCode('ECONNRESET'), stopped)).toMatchObject({ code: 'INTERRUPTED' });
  });

  it('leaves our own errors and our faults alone', () => {
    const ours = new ArchiveError('STORAGE_FULL', 'full');
    const fault = new RangeError('index');

    expect(toArchiveError(ours, going)).toBe(ours);
    expect(toArchiveError(fault, going)).toBe(fault);
  });
});
