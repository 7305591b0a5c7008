import { describe, expect, it } from '@jest/globals';
import { parseChange } from './parse-change.js';

const [HOUSEHOLD, ROOT, MEMBER] = ['1', '2', '3'].map(
  (digit) => `0190${digit.repeat(4)}-0000-7000-8000-000000000000`,
);

describe('parseChange', () => {
  it('takes a line with a member, and one without', () => {
    expect(parseChange(`${HOUSEHOLD} snapshot ${ROOT} ${MEMBER}`)).toEqual({
      householdId: HOUSEHOLD,
      change: { kind: 'snapshot', id: ROOT, memberId: MEMBER },
    });
    expect(parseChange(`${HOUSEHOLD} job ${ROOT}`)).toEqual({
      householdId: HOUSEHOLD,
      change: { kind: 'job', id: ROOT, memberId: undefined },
    });
  });

  it.each(['', 'x', `${HOUSEHOLD} novelty ${ROOT}`, `${HOUSEHOLD} job ${ROOT} x`, `${HOUSEHOLD}`])(
    'passes over %j',
    (line) => {
      expect(parseChange(line)).toBeUndefined();
    },
  );
});
