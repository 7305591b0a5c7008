import { describe, expect, it } from '@jest/globals';
import { outlineMarkdown } from './outline-markdown.js';
import { outlineText } from './outline-text.js';
import { outlineOf } from './plan-outline.js';
import type { Plan } from './plan-outline.js';

const PLAN: Plan = {
  ...{ id: 'the-plan', createdAt: '2026-01-02', expiresAt: '2026-01-09', state: 'planned' },
  ...{ stateAt: '2026-01-02', backupSnapshotId: null, expired: false, expiredBecause: [] },
  app: { bundleId: 'com.example.app', name: 'Songs [x](javascript:1)' },
  device: { id: 'd', udid: 'u', name: 'Phone', productType: null, productVersion: null },
  installed: {
    ...{
      version: '4.0',
      build: '40',
      externalVersionId: null,
      snapshotId: 's',
      takenAt: '2026-01-01',
    },
    ...{ encrypted: false, onDevice: true },
  },
  ...{ target: null, installability: null, data: null, lockedData: null },
  downgrade: {
    ...{ verdict: 'changed', summary: 'It changed.', comparedWith: null, databases: 1 },
    findings: [
      { code: 'database-version', text: 'A number changed.', path: 'x', weight: 'stumble' },
      { code: 'files-new', text: 'Files came.', path: null, weight: 'note' },
    ],
  },
  steps: [
    {
      name: 'fresh-backup',
      title: 'Back up',
      text: 'First of all.',
      commands: ['backup now'],
      needed: true,
    },
    { name: 'put-data-back', title: 'Put back', text: 'None.', commands: [], needed: false },
  ],
  updates: { confirmed: ['Turn it off.'], notConfirmed: ['Leave it out.'] },
  blocking: [{ code: 'no-package', text: 'No package is kept.' }],
  warnings: [{ code: 'no-data', text: 'w'.repeat(3) + ' word'.repeat(40) }],
};

describe('a plan for people', () => {
  it('is for a terminal: what matters first, steps in order, lines that fit', () => {
    const text = outlineText(outlineOf(PLAN, (time) => `<${time}>`));

    expect(text.split('\n').slice(0, 4)).toEqual([
      'Rolling Songs [x](javascript:1) (com.example.app) back on Phone',
      '',
      '  Plan  the-plan, planned, holds until <2026-01-09>',
      '  Now   4.0 (40) is installed, as the backup of <2026-01-01> shows',
    ]);
    expect(text).toContain(
      '  1. Back up\n     First of all.\n       $ backup now\n  2. Put back (nothing to do)\n     None.',
    );
    expect(text).toContain('  ! A number changed.\n  - Files came.');
    expect(text.indexOf('No package is kept.')).toBeLessThan(text.indexOf('Back up'));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('is Markdown that names from outside cannot make links of', () => {
    const text = outlineMarkdown(outlineOf(PLAN, (time) => time));

    expect(text).toMatch(/^# Rolling Songs \\\[x\\\]\(javascript:1\)/);
    expect(text).toContain('1. **Back up**. First of all.\n\n   ```sh\n   backup now\n   ```\n');
    expect(text).toContain('- Not confirmed: Leave it out.');
  });
});
