import { describe, expect, it } from '@jest/globals';
import { localPath } from './local-path.js';

const ORIGIN = 'https://cellar.example';

describe('where to go after signing in', () => {
  it.each(['/', '/account', '/approve', '/devices?sort=name'])('is the page %s', (path) => {
    expect(localPath(path, ORIGIN)).toBe(path);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    'javascript:alert(1)',
    'account',
    '',
    undefined,
    7,
    ['/account'],
  ])('is never %p', (wanted) => {
    expect(localPath(wanted, ORIGIN)).toBe('/');
  });

  it('drops what follows the #, where secrets of links are', () => {
    expect(localPath('/approve#WDJB-MJHT', ORIGIN)).toBe('/approve');
  });
});
