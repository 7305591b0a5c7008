import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutate, mutations } from '../testing/mutate.js';
import { onlyArchiveErrors } from '../testing/only-archive-errors.js';
import { writeXmlPlist } from '../testing/write-xml-plist.js';
import { parsePlist } from './parse-plist.js';

const invalid = expect.objectContaining({ code: 'PLIST_INVALID' });
const tooLarge = expect.objectContaining({ code: 'PLIST_TOO_LARGE' });

const parse = (text: string): unknown => parsePlist(Buffer.from(text));
const list = (body: string): string => `<?xml version="1.0"?><plist version="1.0">${body}</plist>`;

describe('parsing an XML property list', () => {
  it('reads every type', () => {
    const value = parse(
      list(`<array><true/><false/><integer> -7 </integer><integer>0xff</integer><real>1.5e3</real>
        <date>2024-06-01T12:00:00Z</date><data> aGVs bG8= </data><string>a &lt;b&gt; &amp; &#x1F4F1;</string>
        <string><![CDATA[<raw>]]></string><string/><dict><key>k</key><array/></dict></array>`),
    );

    expect(value).toEqual([
      true,
      false,
      -7,
      255,
      1500,
      new Date('2024-06-01T12:00:00Z'),
      Buffer.from('hello'),
      'a <b> & 📱',
      '<raw>',
      '',
      new Map([['k', []]]),
    ]);
  });

  it('reads large whole numbers exactly and special reals as such', () => {
    const value = parse(
      list(
        '<array><integer>18446744073709551615</integer><real>nan</real><real>-Infinity</real></array>',
      ),
    );

    expect(value).toEqual([18446744073709551615n, NaN, -Infinity]);
  });

  it('reads it behind white space and byte order marks, in UTF-8 and UTF-16', () => {
    const text = list('<string>naïve</string>');
    const littleEndian = Buffer.from(`\ufeff${text}`, 'utf16le');
    const bigEndian = Buffer.from(littleEndian).swap16();

    const values = [
      Buffer.from(` \n${text}`),
      Buffer.from(`\ufeff${text}`),
      littleEndian,
      bigEndian,
    ];

    expect(values.map((bytes) => parsePlist(bytes))).toEqual(['naïve', 'naïve', 'naïve', 'naïve']);
  });

  it('reads control characters, which XML forbids but device names hold, as spaces', () => {
    expect(parse(list('<string>My\u0007 iPhone</string>'))).toBe('My  iPhone');
  });

  it('reads a date JavaScript cannot represent as null', () => {
    expect(parse(list('<date>999999999-01-01T00:00:00Z</date>'))).toBeNull();
  });

  it('reads a list without the plist element', () => {
    expect(parse('<dict><key>a</key><integer>1</integer></dict>')).toEqual(new Map([['a', 1]]));
  });
});

describe('an XML property list that lies', () => {
  it('is refused when it declares entities, however many lols they expand to', () => {
    const bomb = `<!DOCTYPE plist [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><plist><string>&b;</string></plist>`;

    expect(() => parse(bomb)).toThrow(invalid);
  });

  it('never opens the files a DTD names', () => {
    const external = '<!DOCTYPE plist SYSTEM "file:///etc/passwd">';

    expect(parse(`${external}<plist><string>quiet</string></plist>`)).toBe('quiet');
    expect(() => parse(`${external}<plist><string>&x;</string></plist>`)).toThrow(invalid);
  });

  it.each([
    ['a comment', (size: number) => `<!--${'x'.repeat(size)}--><true/>`],
    ['a comment that does not end', (size: number) => `<!--${'x'.repeat(size)}`],
    ['an attribute', (size: number) => `<plist a="${'x'.repeat(size)}"><true/></plist>`],
    [
      'an attribute behind a bracket',
      (size: number) => `<plist a=">${'x'.repeat(size)}"><true/></plist>`,
    ],
    [
      'a bracket in single quotes',
      (size: number) => `<plist a='>${'x'.repeat(size)}'><true/></plist>`,
    ],
    ['an instruction', (size: number) => `<?a >${'x'.repeat(size)}?><true/>`],
    ['a DTD', (size: number) => `<!DOCTYPE plist [${'<!ENTITY a "b">'.repeat(size / 10)}]><true/>`],
    ['many comments', (size: number) => `${'<!---->'.repeat(size)}<true/>`],
    ['many references', (size: number) => `<string>${'&amp;'.repeat(size)}</string>`],
  ])('is refused when it has %s of megabytes, before it is parsed', (_, hostile) => {
    expect(() => parse(hostile(5_000_000))).toThrow(/^A property list/);
  });

  it('is refused when it nests deeper than 64 containers', () => {
    const nested = (depth: number): string =>
      list('<array>'.repeat(depth) + '</array>'.repeat(depth));

    expect(parse(nested(64))).toBeInstanceOf(Array);
    expect(() => parse(nested(65))).toThrow(tooLarge);
    expect(() => parse(nested(200_000))).toThrow(tooLarge);
  });

  it('is refused when it holds more values or bytes than allowed', () => {
    const bytes = Buffer.from(list(`<array>${'<true/>'.repeat(100)}</array>`));

    expect(() => parsePlist(bytes, { maxValues: 100 })).toThrow(tooLarge);
    expect(() => parsePlist(bytes, { maxBytes: bytes.length - 1 })).toThrow(tooLarge);
    expect(parsePlist(bytes, { maxValues: 101, maxBytes: bytes.length })).toHaveLength(100);
  });

  it.each([
    ['nothing', list('')],
    ['two values', list('<true/><true/>')],
    ['text between values', list('<array>text</array>')],
    ['a value without a key', list('<dict><true/></dict>')],
    ['a key without a value', list('<dict><key>a</key></dict>')],
    ['two keys in a row', list('<dict><key>a</key><key>b</key></dict>')],
    ['a key in an array', list('<array><key>a</key></array>')],
    ['an element in a string', list('<string><true/></string>')],
    ['a list in a list', list(list('<true/>'))],
    ['an unknown element', list('<script>x</script>')],
    ['an integer of a million digits', list(`<integer>${'9'.repeat(1_000_000)}</integer>`)],
    ['an integer that is none', list('<integer>1.5</integer>')],
    ['a real named like a property of objects', list('<real>constructor</real>')],
    ['a date that is none', list('<date>yesterday</date>')],
    ['data that are not base64', list('<data>!!!</data>')],
    ['tags that do not match', '<plist><array></plist>'],
    ['an end too early', '<plist><array>'],
    ['no XML', 'just text'],
    ['an old-style list', '{ a = b; }'],
  ])('is refused when it holds %s', (_, text) => {
    expect(() => parse(text)).toThrow(invalid);
  });

  it('is refused when its text is no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('<plist><string>'), Buffer.of(0xff, 0xfe, 0xff)]);

    expect(() => parsePlist(bytes)).toThrow(invalid);
  });

  it('does not quote the list when it refuses it', () => {
    expect(() => parse(list('<string>&secret-apple-id;</string>'))).not.toThrow(/secret/);
    expect(() => parse('<plist><secret></plist>')).not.toThrow(/secret/);
  });

  it('is refused wherever it is cut off', () => {
    const bytes = writeXmlPlist({ name: 'naïve', list: [1, 2], data: Buffer.from('data') });

    for (let length = 0; length < bytes.length - '</plist>\n'.length; length += 1)
      expect(() => parsePlist(bytes.subarray(0, length))).toThrow(invalid);
  });

  it('never fails in any other way, whatever bytes are changed', () => {
    const bytes = writeXmlPlist({ name: 'naïve', list: [1, 1.5, true], at: new Date(0) });

    fc.assert(
      fc.property(mutations, (changes) =>
        onlyArchiveErrors(() => parsePlist(mutate(bytes, changes))),
      ),
      { numRuns: 2000 },
    );
  });
});
