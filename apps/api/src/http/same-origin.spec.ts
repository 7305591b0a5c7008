import { describe, expect, it } from '@jest/globals';
import { localPath } from './same-origin.js';

describe('localPath', () => {
  it.each(['/', '/account', '/approve#ABCD-EFGH', '/a/b?c=d&e=%2F', '/a?u=https://x.example'])(
    'follows %s',
    (path) => expect(localPath(path)).toBe(path),
  );

  it.each([
    ...[
      'https://evil.example',
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\/evil.example',
    ],
    ...['/\t/evil.example', '/\n/evil.example', 'javascript:alert(1)', 'evil.example', '', '/ä'],
    ...['/a\\..\\..//evil.example', `/${'a'.repeat(2000)}`, '/..//evil.example'],
    undefined,
    ['/a', '/b'],
  ])('goes to the start page instead of %j', (path) => {
    expect(localPath(path)).toBe('/');
  });
});
