import { describe, expect, it } from '@jest/globals';
import { judgeAudit } from './judge-audit.js';

const advisory = (severity: string, id = 'GHSA-aaaa-bbbb-cccc'): object => ({
  ...{ name: 'parser', title: 'reads too far', severity },
  url: `https://github.com/advisories/${id}`,
});
const report = (...via: unknown[]): object => ({ vulnerabilities: { parser: { via } } });
const accepted = [
  { advisory: 'GHSA-aaaa-bbbb-cccc', reason: 'only our own files get there', until: '2027-01-01' },
];

describe('judgeAudit', () => {
  it.each(['high', 'critical'])('complains of what is %s, once', (severity) => {
    const found = { ...advisory(severity) };

    expect(judgeAudit(report(found, 'other', found), [], '2026-11-26')).toEqual([
      expect.stringContaining(`parser: reads too far [${severity}]`),
    ]);
  });

  it('lets pass what is less', () => {
    expect(judgeAudit(report(advisory('moderate'), advisory('low')), [], '2026-11-26')).toEqual([]);
  });

  it('lets pass what was accepted, until its day', () => {
    const found = report(advisory('high'));

    expect(judgeAudit(found, accepted, '2026-12-31')).toEqual([]);
    expect(judgeAudit(found, accepted, '2027-01-01')).toEqual([
      expect.stringContaining('was accepted until 2027-01-01'),
    ]);
    expect(judgeAudit(report(advisory('high', 'GHSA-x')), accepted, '2026-12-31')).toHaveLength(1);
  });

  it('says so when the registry gave no report', () => {
    expect(
      judgeAudit({ message: '405 Method Not Allowed' } as object, [], '2026-11-26'),
    ).toBeUndefined();
  });
});
