import { PlistUid, isDictionary } from './plist.js';
import type { PlistValue } from './plist.js';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

/** The XML form, tabs and line lengths as Apple's own writer has them. */
export function writeXmlPlist(root: PlistValue): Buffer {
  const lines: string[] = [];
  writeValue(root, '', lines);
  return Buffer.from(`${HEAD}${lines.join('\n')}\n</plist>\n`);
}

/** `value` as lines of XML: what a document that is there already takes in. */
export function xmlEntry(key: string, value: string): string {
  return `\t<key>${escaped(key)}</key>\n\t<string>${escaped(value)}</string>`;
}

function writeValue(value: PlistValue, indent: string, lines: string[]): void {
  if (value instanceof Uint8Array) writeData(value, indent, lines);
  else if (Array.isArray(value)) {
    lines.push(`${indent}<array>`);
    for (const item of value as readonly PlistValue[]) writeValue(item, `${indent}\t`, lines);
    lines.push(`${indent}</array>`);
  } else if (isDictionary(value)) {
    lines.push(`${indent}<dict>`);
    for (const [key, item] of Object.entries(value)) {
      lines.push(`${indent}\t<key>${escaped(key)}</key>`);
      writeValue(item, `${indent}\t`, lines);
    }
    lines.push(`${indent}</dict>`);
  } else lines.push(indent + scalar(value));
}

function scalar(value: PlistValue): string {
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (typeof value === 'number' || typeof value === 'bigint') return `<integer>${value}</integer>`;
  if (value instanceof Date) return `<date>${value.toISOString().slice(0, 19)}Z</date>`;
  throw new Error(
    value instanceof PlistUid ? 'XML has no UID.' : 'A value this writer does not know.',
  );
}

function writeData(value: Uint8Array, indent: string, lines: string[]): void {
  const text = Buffer.from(value).toString('base64');
  lines.push(`${indent}<data>`);
  for (let at = 0; at < text.length; at += 68) lines.push(indent + text.slice(at, at + 68));
  lines.push(`${indent}</data>`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
