import { describe, expect, it } from '@jest/globals';
import type { HouseholdId } from '@rootcellar/model';
import { rolesOf } from './group-roles.js';

const [HOME, CABIN] = ['home', 'cabin'] as HouseholdId[] as [HouseholdId, HouseholdId];
const RULES = [
  { group: 'parents', householdId: HOME, role: 'admin' },
  { group: 'family', householdId: HOME, role: 'member' },
  { group: 'children', householdId: HOME, role: 'limited' },
  { group: 'family', householdId: CABIN, role: 'member' },
] as const;

describe('rolesOf', () => {
  it.each([
    [['family', 'parents'], 'admin', 'member'],
    [['children', 'family'], 'member', 'member'],
    [['children'], 'limited', undefined],
    [['others'], undefined, undefined],
  ])('%j', (groups, home, cabin) => {
    expect(rolesOf(RULES, groups)).toEqual([
      { householdId: HOME, role: home },
      { householdId: CABIN, role: cabin },
    ]);
  });
});
