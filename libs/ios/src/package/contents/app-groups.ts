import type { PackageDescription } from './package-description.js';

/** Apple's documentation, "Configuring app groups": an array of ids, each `group.` and a name in the form of a bundle id. */
const APP_GROUPS = 'com.apple.security.application-groups';
const ID_IN_JSON = /"([A-Za-z0-9._-]{1,255})"/g;
const GROUPS_MAX = 50;

/** Ids of the groups an app may keep data in, together with other apps of its maker: `group.com.example.shared`. */
export function appGroupsOf({
  entitlements,
}: Pick<PackageDescription, 'entitlements'>): readonly string[] {
  const value = entitlements?.get(APP_GROUPS) ?? '';
  // A long value is cut off somewhere: what stands in it whole counts.
  return Array.from(value.matchAll(ID_IN_JSON), ([, id = '']) => id).slice(0, GROUPS_MAX);
}
