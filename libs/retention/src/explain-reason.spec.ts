import { describe, expect, it } from '@jest/globals';
import type { Reason } from './decision.js';
import { explainReason } from './explain-reason.js';

describe('explainReason', () => {
  it.each<[Reason, string]>([
    [{ code: 'daily', count: 3, of: 7, period: '2026-11-25' }, '3rd of 7 daily (2026-11-25)'],
    [{ code: 'weekly', count: 1, of: 4, period: '2026-W48' }, '1st of 4 weekly (2026-W48)'],
    [{ code: 'last', count: 12, of: 30 }, '12th of 30 newest'],
    [{ code: 'last', count: 22, of: 30 }, '22nd of 30 newest'],
    [{ code: 'last', count: 111, of: 200 }, '111th of 200 newest'],
    [{ code: 'last', count: 10, of: 10 }, '10th of 10 newest'],
    [{ code: 'within', span: '14d' }, 'within 14 days'],
    [{ code: 'pinned' }, 'pinned'],
    [{ code: 'newest-complete' }, 'newest complete backup of this device'],
    [{ code: 'incomplete-newest' }, 'incomplete, but no complete backup is newer'],
    [{ code: 'minimum-keep', span: '1w' }, 'stored less than 1 week ago'],
    [{ code: 'no-policy' }, 'no rule was written for it'],
    [{ code: 'on-device', deviceId: 'd', deviceKind: 'iPad' }, 'an iPad runs it'],
    [{ code: 'on-device' }, 'a device runs it'],
    [
      { code: 'runnable', deviceId: 'e', deviceKind: 'iPhone' },
      'newest version that Ann’s phone can run',
    ],
    [{ code: 'last-per-major', count: 2, of: 2, major: '4' }, '2nd of 2 newest of version 4'],
    [
      { code: 'last-per-major', count: 1, of: 2, major: '' },
      '1st of 2 newest of those without a version',
    ],
    [{ code: 'before-subscription' }, 'newest version before the subscription'],
  ])('%j: %s', (reason, text) => {
    expect(explainReason(reason, (id) => (id === 'e' ? 'Ann’s phone' : undefined))).toBe(text);
  });

  it('names no device when nobody says how', () => {
    expect(explainReason({ code: 'on-device', deviceId: 'e', deviceKind: 'iPhone' })).toBe(
      'an iPhone runs it',
    );
  });
});
