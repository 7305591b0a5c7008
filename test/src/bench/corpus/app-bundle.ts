import { createProgram } from './machine-code.js';
import type { Program } from './machine-code.js';
import type { Dice } from './dice.js';
import { prose } from './prose.js';
import type { PlistValue } from './plist.js';
import { writeBinaryPlist } from './write-binary-plist.js';

/** What an app is made of, as its developers have it before a release is built. */
export interface AppBundle {
  /** Everything but programs and the asset catalogue, by path inside the bundle. */
  readonly resources: Map<string, Buffer>;
  /** The app's own program first, its frameworks after it. */
  readonly programs: ReadonlyMap<string, Program>;
  /** The pieces `Assets.car` is put together from. */
  readonly assets: Buffer[];
}

const LANGUAGES = ['Base', 'en', 'de', 'fr', 'ja', 'es', 'it', 'nl'] as const;
const PNG_HEAD = Buffer.from('\x89PNG\r\n', 'latin1');
/** Shares of an app's unpacked size. */
const SHARE = {
  program: 0.22,
  images: 0.3,
  assets: 0.18,
  strings: 0.07,
  nibs: 0.04,
  scripts: 0.06,
};
const WEIGHTS_SHARE = 0.04;
const FRAMEWORK_SHARES = [0.02, 0.05, 0.08];

export function createAppBundle(name: string, dice: Dice, size: number): AppBundle {
  const resources = new Map<string, Buffer>();
  const fill = (share: number, add: (number: number, left: number) => [string, Buffer]): void => {
    for (let [left, number] = [size * share, 0]; left > 0; number += 1) {
      const [path, content] = add(number, left);
      resources.set(path, content);
      left -= content.length;
    }
  };
  fill(SHARE.images, (number, left) => [
    `Assets/img${number}.png`,
    image(dice, Math.min(left + 1000, dice.logNormal(11.3, 1.2))),
  ]);
  fill(SHARE.strings, (number) => [
    `${dice.pick(LANGUAGES)}.lproj/f${number}.strings`,
    strings(dice),
  ]);
  fill(SHARE.nibs, (number) => [`Base.lproj/v${number}.nib`, nib(dice)]);
  fill(SHARE.scripts, (number) => [
    `www/b${number}.js`,
    Buffer.from(prose(dice, dice.int(2000, 900_000))),
  ]);
  resources.set('model.mlmodelc/weights.bin', weights(dice, size * WEIGHTS_SHARE));
  return { resources, programs: programs(name, dice, size), assets: assets(dice, size) };
}

export function image(dice: Dice, size: number): Buffer {
  return Buffer.concat([PNG_HEAD, dice.bytes(Math.max(300, Math.floor(size)))]);
}

function programs(name: string, dice: Dice, size: number): Map<string, Program> {
  const frameworks = FRAMEWORK_SHARES.map((share, number): [string, Program] => [
    `Frameworks/Lib${number}.framework/Lib${number}`,
    createProgram(dice, size * share),
  ]);
  return new Map([[name, createProgram(dice, size * SHARE.program)], ...frameworks]);
}

function assets(dice: Dice, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let left = size * SHARE.assets; left > 0; left -= pieces.at(-1)?.length ?? left) {
    const noise = dice.chance(0.8);
    pieces.push(noise ? assetNoise(dice) : Buffer.from(prose(dice, dice.int(500, 9000))));
  }
  return pieces;
}

export function assetNoise(dice: Dice): Buffer {
  return dice.bytes(dice.int(800, 60_000));
}

/** UTF-16, as compiled `.strings` files were for long. */
function strings(dice: Dice): Buffer {
  const size = bounded(dice.logNormal(8.6, 1.3), 300, 400_000);
  const lines = Array.from(
    { length: Math.max(3, Math.floor(size / 90)) },
    () => `"${prose(dice, 18)}" = "${prose(dice, 60)}";`,
  );
  return Buffer.from(lines.join('\n'), 'utf16le');
}

function nib(dice: Dice): Buffer {
  const size = bounded(dice.logNormal(8.8, 1), 700, 120_000);
  const entries = Array.from(
    { length: Math.max(3, Math.floor(size / 70)) },
    (_, number): [string, PlistValue] => [
      `${prose(dice, 12)}${number}`,
      [prose(dice, 20), dice.bytes(8), number],
    ],
  );
  return writeBinaryPlist(Object.fromEntries(entries));
}

/** 16-bit numbers around zero: a machine-learning model compresses a little. */
function weights(dice: Dice, size: number): Buffer {
  const values = Int16Array.from({ length: Math.floor(size / 2) }, () =>
    Math.round(dice.normal(0, 1600)),
  );
  return Buffer.from(values.buffer);
}

function bounded(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
