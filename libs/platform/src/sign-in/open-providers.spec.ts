import { describe, expect, it } from '@jest/globals';
import { parseGroupRoles } from './open-providers.js';

const RULE = {
  ...{ group: 'family', role: 'member' },
  householdId: '01a204ed-0000-7000-8000-000000000000',
};

describe('the file of groups', () => {
  it('is a list of rules', () => {
    expect(parseGroupRoles(JSON.stringify([RULE]))).toEqual([RULE]);
  });

  it.each([
    ['no JSON', '{', 'no JSON'],
    ['no list', JSON.stringify(RULE), 'no list'],
    ['a rule that is none', JSON.stringify([RULE, null]), 'rule 2'],
    ['another role', JSON.stringify([{ ...RULE, role: 'operator' }]), 'rule 1'],
    ['a household that is none', JSON.stringify([{ ...RULE, householdId: 'home' }]), 'rule 1'],
  ])('is refused with %s', (_, text, why) => {
    const parse = (): unknown => parseGroupRoles(text);

    expect(parse).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(parse).toThrow(why);
  });
});
