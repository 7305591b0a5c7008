import { describe, expect, it } from '@jest/globals';
import { isDomainOf } from './domains-of-app.js';

const NOTES = 'com.example.notes';
const PRO = 'com.example.notes.pro';

function domainsOf(app: string, domains: readonly string[], known = [NOTES, PRO]): string[] {
  return domains.filter((domain) => isDomainOf(domain, [app], known));
}

describe('the domains of an app', () => {
  it('are its container, its plugins and the groups called after it', () => {
    const own = [
      `AppDomain-${NOTES}`,
      `AppDomainPlugin-${NOTES}.widget`,
      `AppDomainGroup-group.${NOTES}`,
      `AppDomainGroup-group.${NOTES}.shared`,
    ];

    expect(domainsOf(NOTES, own)).toEqual(own);
  });

  it('are none of another app, also when its name begins in the same way', () => {
    const others = [
      `AppDomain-${PRO}`,
      `AppDomain-${NOTES}book`,
      `AppDomainPlugin-${PRO}.widget`,
      `AppDomainPlugin-${NOTES}book.widget`,
      `AppDomainGroup-group.${PRO}`,
      `AppDomainGroup-${NOTES}`,
      `AppDomainGroup-group.com.example`,
      'AppDomain-',
      'HomeDomain',
      'CameraRollDomain',
    ];

    expect(domainsOf(NOTES, others)).toEqual([]);
    expect(domainsOf(PRO, others)).toEqual([others[0], others[2], others[4]]);
  });
});
