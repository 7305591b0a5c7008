import { describe, expect, it } from '@jest/globals';
import { effectiveSnapshotRules, effectiveVersionRules } from './effective-rules.js';
import { parsePolicy } from './parse-policy.js';

const POLICY = parsePolicy({
  snapshots: { last: 3, daily: 7 },
  devices: { pad: { snapshots: { daily: 0, within: '2w' } } },
  apps: { 'app.notes': { versions: { runnable: true } } },
});

describe('effective rules', () => {
  it('are the household’s where a device has none of its own', () => {
    expect(effectiveSnapshotRules(POLICY, 'phone')).toEqual({
      within: { value: '0d', from: 'household' },
      last: { value: 3, from: 'household' },
      hourly: { value: 0, from: 'household' },
      daily: { value: 7, from: 'household' },
      weekly: { value: 0, from: 'household' },
      monthly: { value: 0, from: 'household' },
      yearly: { value: 0, from: 'household' },
    });
  });

  it('are overridden key by key, and 0 switches one off', () => {
    expect(effectiveSnapshotRules(POLICY, 'pad')).toMatchObject({
      within: { value: '2w', from: 'device' },
      last: { value: 3, from: 'household' },
      daily: { value: 0, from: 'device' },
    });
  });

  it('are none where nobody wrote any', () => {
    expect(effectiveVersionRules(POLICY, 'app.mail')).toBeUndefined();
    expect(effectiveVersionRules(POLICY, 'constructor')).toBeUndefined();
    expect(effectiveVersionRules(POLICY, 'app.notes')).toMatchObject({
      last: { value: 0, from: 'household' },
      runnable: { value: true, from: 'app' },
    });
  });
});
