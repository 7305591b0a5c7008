import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { originOf, traceIdIn } from './request-id.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const GOOD = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('the trace a request says it belongs to', () => {
  it('is taken from a header of the standard form', () => {
    expect(traceIdIn(GOOD)).toBe(TRACE);
  });

  it.each([
    ['none', undefined],
    ['empty', ''],
    ['several', [GOOD, GOOD]],
    ['of another version', GOOD.replace(/^00/, '01')],
    ['of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['of a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['in capitals', GOOD.toUpperCase()],
    ['longer', `${GOOD}-extra`],
    ['with a line break', `${GOOD}\n`],
    ['much longer', GOOD.repeat(10_000)],
  ])('is not taken from a header that is %s', (_, header) => {
    expect(traceIdIn(header)).toBeUndefined();
  });

  it('is 32 hexadecimal digits or nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^00-.{0,80}$/)), (header) => {
        expect(traceIdIn(header) ?? TRACE).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });
});

describe('what a request is called', () => {
  it('stays the same, and is never the sender’s word', () => {
    const request = { headers: { traceparent: GOOD, 'x-request-id': 'mine' } };

    const origin = originOf(request);

    expect(originOf(request)).toBe(origin);
    expect(origin.traceId).toBe(TRACE);
    expect(origin.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(originOf({ ...request }).requestId).not.toBe(origin.requestId);
  });

  it('is a trace of its own when the sender names none', () => {
    const { requestId, traceId } = originOf({ headers: {} });

    expect(traceId).toBe(requestId.replaceAll('-', ''));
  });
});
