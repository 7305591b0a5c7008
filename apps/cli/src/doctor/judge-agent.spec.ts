import { describe, expect, it } from '@jest/globals';
import { judgeAgentClock, judgeNode, judgeProfileFile, judgeVersions } from './judge-agent.js';

describe('this computer', () => {
  it.each([
    ['24.7.0', 'ok'],
    ['26.0.1', 'ok'],
    ['24.6.9', 'fail'],
    ['20.19.0', 'fail'],
  ])('with Node %s is %s', (version, level) => {
    expect(judgeNode(version).level).toBe(level);
  });

  it.each([
    [0, 'ok'],
    [5, 'ok'],
    [-5, 'ok'],
    [60, 'warn'],
    [-60, 'warn'],
    [3600, 'fail'],
    [-3600, 'fail'],
  ])('whose service is %d s ahead is %s', (seconds, level) => {
    const before = new Date('2026-11-25T12:00:00.900Z');
    const after = new Date('2026-11-25T12:00:01.500Z');
    const date = new Date(Date.parse('2026-11-25T12:00:01Z') + seconds * 1000).toUTCString();

    const finding = judgeAgentClock(date, { before, after });

    expect(finding.level).toBe(level);
    expect(finding.what).toContain(level === 'ok' ? 'agree' : seconds > 0 ? 'behind' : 'ahead of');
  });

  it.each([null, '', 'yesterday'])('compares no clocks without a date: %j', (date) => {
    const now = new Date();

    expect(judgeAgentClock(date, { before: now, after: now }).level).toBe('ok');
  });

  it.each<[number | undefined, NodeJS.Platform, string]>([
    [undefined, 'linux', 'ok'],
    [0o100600, 'linux', 'ok'],
    [0o100644, 'linux', 'warn'],
    [0o100660, 'darwin', 'warn'],
    [0o100666, 'win32', 'ok'],
  ])('with a sign-in file of mode %s on %s is %s', (mode, platform, level) => {
    expect(judgeProfileFile(mode, platform).level).toBe(level);
  });

  it('minds another release', () => {
    expect(judgeVersions('1.0.0', '1.0.0').level).toBe('ok');
    expect(judgeVersions('1.0.0', '1.1.0').level).toBe('warn');
  });
});
