import { describe, expect, it } from '@jest/globals';
import { newTraceId, traceparentOf } from './trace-context.js';

describe('trace context', () => {
  it('has the form of the standard', () => {
    const trace = newTraceId();

    expect(trace).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(traceparentOf(trace)).toMatch(new RegExp(`^00-${trace}-(?!0{16})[0-9a-f]{16}-01$`));
  });

  it('names another span for each request of the same trace', () => {
    const trace = newTraceId();

    expect(traceparentOf(trace)).not.toBe(traceparentOf(trace));
    expect(newTraceId()).not.toBe(trace);
  });
});
