import { isUtf8 } from 'node:buffer';
import { SaxesParser } from 'saxes';
import { checkXmlMarkup } from './check-xml-markup.js';
import { plistInvalid, plistTooLarge } from './plist-errors.js';
import type { PlistLimits } from './plist-limits.js';
import type { PlistValue } from './plist-value.js';
import { xmlScalar } from './xml-scalars.js';

interface OpenArray {
  readonly items: PlistValue[];
}
interface OpenDict {
  readonly entries: Map<string, PlistValue>;
  /** The key that waits for its value. */
  key: string | undefined;
}
type OpenContainer = OpenArray | OpenDict;

/**
 * Reads an XML property list (Apple's PropertyList-1.0.dtd). Entities of a DTD are never expanded: saxes knows only
 * the five of XML and character references.
 *
 * @throws ArchiveError PLIST_INVALID, PLIST_TOO_LARGE
 */
export function parseXmlPlist(bytes: Uint8Array, limits: PlistLimits): PlistValue {
  if (bytes.length > limits.maxBytes) throw plistTooLarge('more bytes', limits.maxBytes);
  const text = xmlText(bytes);
  if (!text.startsWith('<')) throw plistInvalid('it is neither binary nor XML');
  checkXmlMarkup(text, limits);
  const builder = new PlistBuilder(limits);
  const parser = new SaxesParser({ position: false });
  // saxes' own message may quote the list.
  parser.on('error', () => {
    throw plistInvalid('its XML is not well-formed');
  });
  parser.on('opentag', (tag) => builder.open(tag.name));
  parser.on('closetag', (tag) => builder.close(tag.name));
  parser.on('text', (part) => builder.text(part));
  parser.on('cdata', (part) => builder.text(part));
  parser.write(text).close();
  return builder.result();
}

class PlistBuilder {
  readonly #limits: PlistLimits;
  readonly #open: OpenContainer[] = [];
  #values = 0;
  #depth = 0;
  /** The scalar element we are in, and its text so far. */
  #scalar: string | undefined;
  #text = '';
  #root: PlistValue | undefined;

  constructor(limits: PlistLimits) {
    this.#limits = limits;
  }

  open(name: string): void {
    if (this.#scalar !== undefined) throw plistInvalid('a value holds an element');
    this.#depth += 1;
    if (name === 'plist') {
      if (this.#depth > 1) throw plistInvalid('a list holds a list');
      return;
    }
    this.#values += 1;
    if (this.#values > this.#limits.maxValues)
      throw plistTooLarge('more values', this.#limits.maxValues);
    if (name !== 'dict' && name !== 'array') {
      this.#scalar = name;
      return;
    }
    if (this.#open.length >= this.#limits.maxDepth)
      throw plistTooLarge('deeper nesting', this.#limits.maxDepth);
    this.#open.push(name === 'dict' ? { entries: new Map(), key: undefined } : { items: [] });
  }

  close(name: string): void {
    this.#depth -= 1;
    if (name === 'plist') return;
    if (this.#scalar === 'key') this.#setKey(this.#text);
    else if (this.#scalar !== undefined) this.#add(xmlScalar(this.#scalar, this.#text));
    else this.#closeContainer();
    this.#scalar = undefined;
    this.#text = '';
  }

  text(part: string): void {
    if (this.#scalar !== undefined) this.#text += part;
    else if (part.trim() !== '') throw plistInvalid('text stands between its values');
  }

  result(): PlistValue {
    if (this.#root === undefined) throw plistInvalid('it holds nothing');
    return this.#root;
  }

  #closeContainer(): void {
    const container = this.#open.pop();
    if (container === undefined) throw plistInvalid('its elements do not match');
    if ('entries' in container && container.key !== undefined)
      throw plistInvalid('a key has no value');
    this.#add('items' in container ? container.items : container.entries);
  }

  #setKey(key: string): void {
    const container = this.#open.at(-1);
    if (container === undefined || !('entries' in container) || container.key !== undefined)
      throw plistInvalid('a key stands where a value belongs');
    container.key = key;
  }

  #add(value: PlistValue): void {
    const container = this.#open.at(-1);
    if (container === undefined) {
      if (this.#root !== undefined) throw plistInvalid('it holds more than one value');
      this.#root = value;
    } else if ('items' in container) {
      container.items.push(value);
    } else {
      if (container.key === undefined) throw plistInvalid('a value has no key');
      container.entries.set(container.key, value);
      container.key = undefined;
    }
  }
}

/** UTF-16 with its mark, else UTF-8; whatever the XML declaration says, Apple writes nothing else. */
function xmlText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  let encoding = 'utf-8';
  if (first === 0xff && second === 0xfe) encoding = 'utf-16le';
  if (first === 0xfe && second === 0xff) encoding = 'utf-16be';
  if (encoding === 'utf-8' && !isUtf8(bytes)) throw plistInvalid('its text is no UTF-8');
  const text = new TextDecoder(encoding).decode(bytes);
  // XML forbids control characters, but a device name may hold one and Apple's writer lets it through.
  return text.trimStart().replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, ' ');
}
