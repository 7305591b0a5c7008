import { shortText } from '../../backup/itunes-metadata.js';
import { getArray, isDict } from '../../plist/plist-fields.js';
import type { PlistDict, PlistValue } from '../../plist/plist-value.js';

/** What an app's Info.plist says the app may do. */
export interface InfoPromises {
  readonly permissions: ReadonlyMap<string, string>;
  readonly urlSchemes: readonly string[];
  readonly backgroundModes: readonly string[];
}

const PERMISSION = /^NS[A-Za-z]{1,100}UsageDescription$/;
const SENTENCE_MAX = 500;
const NAME_MAX = 200;
const MOST = 200;

export function promisesIn(info: PlistDict): InfoPromises {
  return {
    permissions: permissionsIn(info),
    urlSchemes: urlSchemesIn(info),
    backgroundModes: textsOf(getArray(info, 'UIBackgroundModes')),
  };
}

function permissionsIn(info: PlistDict): ReadonlyMap<string, string> {
  const found = [...info]
    .filter(([key]) => PERMISSION.test(key))
    .map(([key, value]) => [key, shortText(value, SENTENCE_MAX) ?? ''] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(found.slice(0, MOST));
}

function urlSchemesIn(info: PlistDict): string[] {
  const types = getArray(info, 'CFBundleURLTypes') ?? [];
  const schemes = types
    .slice(0, MOST)
    .flatMap((type) => (isDict(type) ? textsOf(getArray(type, 'CFBundleURLSchemes')) : []));
  return [...new Set(schemes)].sort().slice(0, MOST);
}

/** Short texts of an array, sorted, each once. */
export function textsOf(values: readonly PlistValue[] | undefined): string[] {
  const texts = (values ?? [])
    .slice(0, MOST)
    .map((value) => shortText(value, NAME_MAX))
    .filter((text) => text !== undefined);
  return [...new Set(texts)].sort();
}
