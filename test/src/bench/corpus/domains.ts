import type { Dice } from './dice.js';

export const APP_COUNT = 180;
export const PHOTO_DOMAIN = 'CameraRollDomain';

/** iOS records the SHA-1 of a payload in these domains only (iOS 17). */
const DIGEST_DOMAINS = new Set([
  'HomeDomain',
  'SystemPreferencesDomain',
  'ManagedPreferencesDomain',
  'DatabaseDomain',
  'RootDomain',
  'MobileDeviceDomain',
  'WirelessDomain',
  'NetworkDomain',
  'KeychainDomain',
  'ProtectedDomain',
  'InstallDomain',
]);

/** How often a file falls into a domain of the system, for 180 that fall into an app's. */
const SYSTEM_SHARES = { HomeDomain: 12, MediaDomain: 5, CameraRollDomain: 5, WirelessDomain: 2 };

const systemDomains: readonly string[] = [
  ...Object.entries(SYSTEM_SHARES).flatMap(([domain, share]) => Array<string>(share).fill(domain)),
  'KeychainDomain',
  'SystemPreferencesDomain',
  'RootDomain',
];

export function appId(number: number): string {
  return `com.example.app${number}`;
}

export function anyDomain(dice: Dice): string {
  const draw = dice.int(0, APP_COUNT + systemDomains.length - 1);
  return systemDomains[draw - APP_COUNT] ?? `AppDomain-${appId(draw)}`;
}

export function carriesDigest(domain: string): boolean {
  return DIGEST_DOMAINS.has(domain);
}
