import { describe, expect, it } from '@jest/globals';
import { appGroupsOf } from './app-groups.js';

const groups = (value: string | undefined): readonly string[] =>
  appGroupsOf({
    entitlements: new Map(
      value === undefined ? [] : [['com.apple.security.application-groups', value]],
    ),
  });

describe('the groups of an app', () => {
  it('stand in its entitlements', () => {
    expect(groups('["group.com.example.shared","group.example"]')).toEqual([
      ...['group.com.example.shared', 'group.example'],
    ]);
  });

  it('are none where nothing is said, or nothing can be read', () => {
    expect(groups(undefined)).toEqual([]);
    expect(groups('true')).toEqual([]);
    expect(appGroupsOf({ entitlements: undefined })).toEqual([]);
  });

  it('are those that stand there whole when the list was cut off', () => {
    expect(groups('["group.one","group.tw')).toEqual(['group.one']);
  });

  it('are no paths, and not without end', () => {
    expect(groups('["../../etc","group.a/b"]')).toEqual([]);
    expect(
      groups(JSON.stringify(Array.from({ length: 90 }, (_, n) => `group.n${n}`))),
    ).toHaveLength(50);
  });
});
