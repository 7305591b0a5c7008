import { describe, expect, it } from '@jest/globals';
import { nameInImazingApp, sumLine } from './kit-names.js';

describe('the place of a file in an .imazingapp', () => {
  it.each([
    ['AppDomain-com.example.app', 'Documents/a b.txt', 'Container/Documents/a b.txt'],
    ['AppDomainGroup-group.com.example.app', 'x', 'Container/AppGroups/group.com.example.app/x'],
    ['AppDomainPlugin-com.example.app.widget', 'x', undefined],
    ['HomeDomain', 'x', undefined],
    ['AppDomain-com.example.app', String.raw`a\b`, undefined],
  ])('of %s, %s', (domain, path, name) => {
    expect(nameInImazingApp(domain, path)).toBe(name);
  });
});

it('a line of checksums escapes what sha256sum escapes', () => {
  expect([sumLine('00', 'a b'), sumLine('00', 'a\nb'), sumLine('00', String.raw`a\b`)]).toEqual([
    '00  a b\n',
    '\\00  a\\nb\n',
    '\\00  a\\\\b\n',
  ]);
});
