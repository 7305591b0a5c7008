import type { Dice } from './dice.js';
import type { PlistValue } from './plist.js';
import { prose } from './prose.js';
import { writeBinaryPlist } from './write-binary-plist.js';
import { writeXmlPlist } from './write-xml-plist.js';

const EXIF_HEAD = Buffer.from([0xff, 0xd8, 0xff, 0xe1]);

/** 1 to 5 MB that nothing can compress behind a small head of its own, as photos are. */
export function photo(dice: Dice, number: number): Buffer {
  const size = Math.floor(clamp(dice.normal(2_400_000, 800_000), 1_000_000, 5_000_000));
  const head = Buffer.concat([EXIF_HEAD, writeBinaryPlist({ i: number })]);
  const image = dice.bytes(size);
  head.copy(image);
  return image;
}

/** Thumbnails, keys, cached images: small and incompressible. */
export function blob(dice: Dice): Buffer {
  return dice.bytes(smallSize(dice));
}

/** Preferences: seven in ten binary, the others XML. */
export function preferences(dice: Dice): Buffer {
  const size = smallSize(dice);
  const entries: Record<string, PlistValue> = {};
  for (let written = 0; written < size;) {
    const value = preference(dice);
    entries[`${prose(dice, 14)}${written}`] = value;
    written += 24 + (typeof value === 'string' || value instanceof Uint8Array ? value.length : 9);
  }
  return dice.chance(0.7) ? writeBinaryPlist(entries) : writeXmlPlist(entries);
}

/** Rows of an app's own store, as one JSON document. */
export function records(dice: Dice): Buffer {
  const size = smallSize(dice);
  const rows: object[] = [];
  for (let written = 0; written < size;) {
    const body = prose(dice, dice.int(40, 300));
    rows.push({
      id: dice.int(0, 0xffffffff) * 65_536 + dice.int(0, 0xffff),
      title: prose(dice, 30),
      body,
      ts: 1_600_000_000 + dice.int(0, 2 ** 26),
    });
    written += 120 + body.length;
  }
  return Buffer.from(JSON.stringify(rows));
}

/** Downloaded text, 80 KB to 1.6 MB, that compresses well. */
export function cache(dice: Dice): Buffer {
  const pieces = Array.from({ length: dice.int(200, 4000) }, () => prose(dice, 400));
  return Buffer.from(JSON.stringify(pieces));
}

/** An app rewrote its file: some text put in near the front, a little lost at the end. */
export function edited(dice: Dice, content: Buffer): Buffer {
  const at = dice.int(0, Math.floor(content.length / 3));
  const longer = Buffer.concat([
    content.subarray(0, at),
    Buffer.from(prose(dice, dice.int(50, 3000))),
    content.subarray(at),
  ]);
  return longer.subarray(0, Math.max(900, longer.length - dice.int(0, 2000)));
}

/** The last bytes changed and nothing else. */
export function retouched(dice: Dice, content: Buffer): Buffer {
  return Buffer.concat([content.subarray(0, -20), dice.bytes(20)]);
}

function preference(dice: Dice): PlistValue {
  switch (dice.int(0, 3)) {
    case 0:
      return dice.int(0, 0x7fffffff);
    case 1:
      return prose(dice, dice.int(20, 200));
    case 2:
      return dice.chance(0.5);
    default:
      return dice.bytes(20);
  }
}

/** 1 to 200 KB, most of them near the lower end. */
function smallSize(dice: Dice): number {
  return Math.floor(clamp(dice.logNormal(9.1, 1.35), 900, 200_000));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
