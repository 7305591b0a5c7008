import { describe, expect, it } from '@jest/globals';
import { compareVersions, readInfo } from './redis-info.js';

describe('an answer to INFO', () => {
  it('is read line by line', () => {
    const info = readInfo('# Server\r\nredis_version:7.0.15\r\nexecutable:/usr/bin:x\r\n\r\n');

    expect([...info]).toEqual([
      ['redis_version', '7.0.15'],
      ['executable', '/usr/bin:x'],
    ]);
  });
});

describe('versions', () => {
  it('are compared by numbers', () => {
    expect(compareVersions('7.10.0', '7.9.9')).toBeGreaterThan(0);
    expect(compareVersions('6.2', '6.2.0')).toBe(0);
    expect(compareVersions('6.0.16', '6.2.0')).toBeLessThan(0);
  });
});
