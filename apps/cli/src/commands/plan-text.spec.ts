import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { appliedText, planText } from './plan-text.js';

type Plan = Schemas['RetentionPlanDto'];
type Item = Schemas['PlanItemDto'];

const MIB = 1024 * 1024;

function item(name: string, what: Partial<Item>): Item {
  return {
    ...{ id: `id of ${name}`, kind: 'snapshot', deviceId: 'd', memberId: 'm', name },
    ...{ date: '2026-06-01T00:00:00.000Z', keep: true, reasons: [], bytes: MIB, freedBytes: 0 },
    ...what,
  };
}

const daily = (count: number): Item['reasons'] => [
  { code: 'daily', count, of: 7, text: `${String(count)} of 7 daily` },
  { code: 'pinned', text: 'pinned' },
];

const PLAN: Plan = {
  ...{ id: 'p', madeAt: '2026-06-05T00:00:00.000Z', policy: {}, saved: true },
  items: [
    item('Phone, one', { keep: false, removedBy: 'no-rule', freedBytes: MIB }),
    item('Phone, two', { keep: false, removedBy: 'budget', freedBytes: 2 * MIB }),
    item('App 1.0', { keep: false, kind: 'artifact', removedBy: 'no-rule' }),
    item('Phone, three', { reasons: daily(1) }),
    item('Phone, four', { reasons: daily(2).slice(0, 1) }),
  ],
  ...{ kept: 2, removed: 3, neededBytes: 5 * MIB, neededAfterBytes: 2 * MIB, freedBytes: 3 * MIB },
  devices: [
    { id: 'd', name: 'Phone', kept: 2, removed: 2, freedBytes: 3 * MIB },
    { id: 'e', name: 'Tablet', kept: 1, removed: 0, freedBytes: 0 },
  ],
  ...{ apps: [], members: [], spaceReturns: '2026-06-12T00:00:00.000Z' },
  budget: { limit: MIB, before: 5 * MIB, after: 2 * MIB, fits: false },
  confirmations: [{ reason: 'more-than-half', name: 'The Potatoes’ & "Co"' }],
};

describe('a plan, told', () => {
  it('says what would go before it says what stays', () => {
    const text = planText(PLAN, { all: false });

    expect(text).toContain('Would go to the bin: 2 snapshots and 1 package.');
    expect(text).toContain('3.0 MiB of 5.0 MiB come back');
    expect(text).toMatch(/Phone, one +no rule keeps it +1\.0 MiB +id of Phone, one/);
    expect(text).toMatch(/Phone, two +the budget +2\.0 MiB/);
    expect(text).not.toContain('Tablet');
    expect(text.indexOf('Phone, two')).toBeLessThan(text.indexOf('Stays: 2 snapshots'));
    expect(text).toMatch(/ 2 {2}one a day\n +1 {2}pinned/);
    expect(text).not.toContain('Phone, three');
  });

  it('lists all that stays when that is asked for', () => {
    const text = planText(PLAN, { all: true });

    expect(text).toMatch(/Phone, three +1 of 7 daily; pinned/);
  });

  it('says when the budget does not fit, and what to confirm, so that a shell takes it', () => {
    const text = planText(PLAN, { all: false });

    expect(text).toContain('Budget 1.0 MiB: 5.0 MiB before, 2.0 MiB after. It does NOT fit');
    expect(text).toContain(`--confirm 'The Potatoes’ & "Co"'`);
  });

  it('says that nothing would go', () => {
    const text = planText({ ...PLAN, items: [], confirmations: [] }, { all: false });

    expect(text).toMatch(/^Nothing would go\.\n\nStays: nothing/);
    expect(text).not.toContain('confirm');
  });

  it('tells what was done, and what was left and why', () => {
    const applied = {
      ...{ planId: 'p', forgotten: PLAN.items.slice(0, 2), freedBytes: 3 * MIB },
      skipped: [{ id: 'x', name: 'Phone, zero', why: 'pinned' }],
      goneAfter: '2026-06-12T00:00:00.000Z',
    };

    const text = appliedText(applied);

    expect(text).toContain('Done: 2 snapshots went to the bin. 3.0 MiB come back');
    expect(text).toContain('left: Phone, zero (pinned)');
  });
});
