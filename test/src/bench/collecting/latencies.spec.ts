import { describe, expect, it } from '@jest/globals';
import { summarize } from './latencies.js';

describe('summarize', () => {
  it('gives the value that 99 of 100 do not exceed', () => {
    const values = Array.from({ length: 200 }, (_, at) => 200 - at);

    expect(summarize(values)).toEqual({ count: 200, p50: 100, p99: 198, max: 200 });
    expect(summarize([7])).toEqual({ count: 1, p50: 7, p99: 7, max: 7 });
  });

  it('gives the larger of few', () => {
    expect(summarize([3, 1, 2])).toEqual({ count: 3, p50: 2, p99: 3, max: 3 });
  });

  it('of nothing is nothing', () => {
    expect(summarize([])).toEqual({ count: 0, p50: NaN, p99: NaN, max: NaN });
  });
});
