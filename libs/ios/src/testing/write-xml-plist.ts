import { PlistUid } from '../plist/plist-value.js';
import { dictEntries } from './plist-source.js';
import type { PlistSource } from './plist-source.js';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';

/** Writes a property list as Apple's XML. It has no null; UIDs become dictionaries, as in Apple's own. */
export function writeXmlPlist(value: PlistSource): Buffer {
  return Buffer.from(`${HEAD}<plist version="1.0">\n${element(value)}\n</plist>\n`);
}

function element(value: PlistSource): string {
  const entries = dictEntries(value);
  if (entries !== undefined) {
    const lines = entries.map(([key, entry]) => `<key>${escaped(key)}</key>\n${element(entry)}\n`);
    return `<dict>\n${lines.join('')}</dict>`;
  }
  if (Array.isArray(value))
    return `<array>\n${(value as readonly PlistSource[]).map(element).join('\n')}\n</array>`;
  return scalar(value);
}

function scalar(value: PlistSource): string {
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)))
    return `<integer>${String(value)}</integer>`;
  if (typeof value === 'number') return `<real>${real(value)}</real>`;
  if (value instanceof Date) return `<date>${value.toISOString().replace(/\.\d+Z$/, 'Z')}</date>`;
  if (value instanceof Uint8Array)
    return `<data>\n${Buffer.from(value).toString('base64')}\n</data>`;
  if (value instanceof PlistUid)
    return `<dict><key>CF$UID</key><integer>${value.value}</integer></dict>`;
  throw new TypeError('An XML property list cannot hold this value.');
}

function real(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? 'inf' : '-inf';
}

/** A carriage return must be escaped, or XML reads a line feed. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
