import { createHash } from 'node:crypto';
import { assetNoise, image } from './app-bundle.js';
import type { AppBundle } from './app-bundle.js';
import { createDice } from './dice.js';
import type { Dice } from './dice.js';
import { CODE_START } from './machine-code.js';
import { prose } from './prose.js';
import { writeBinaryPlist } from './write-binary-plist.js';
import { writeXmlPlist } from './write-xml-plist.js';

/** An app and where its series of releases stands. */
export interface AppSeries {
  readonly number: number;
  readonly name: string;
  readonly bundleId: string;
  /** As from the App Store: most of the main program is ciphertext, other bytes at every release. */
  readonly encrypted: boolean;
  readonly bundle: AppBundle;
}

const ENCRYPTED_SHARE = 0.6;

/** The work between two releases: 5 to 30 % of the files, part of the code. */
export function changeBundle(
  { resources, programs, assets }: AppBundle,
  dice: Dice,
  version: number,
): void {
  const names = [...resources.keys()].sort();
  const share = 0.05 + 0.25 * dice.fraction();
  for (const name of dice.sample(names, Math.floor(names.length * share))) {
    resources.set(name, changedResource(dice, name, resources.get(name) ?? Buffer.alloc(0)));
  }
  for (const name of dice.sample(names, Math.max(1, Math.floor(names.length / 80)))) {
    resources.delete(name);
  }
  for (let count = Math.max(1, Math.floor(names.length / 60)); count > 0; count -= 1) {
    resources.set(`www/n${version}_${count}.js`, Buffer.from(prose(dice, dice.int(500, 60_000))));
  }
  for (let count = Math.max(1, Math.floor(assets.length / 25)); count > 0; count -= 1) {
    assets[dice.int(0, assets.length - 1)] = assetNoise(dice);
  }
  const [main, ...frameworks] = programs.values();
  main?.edit(dice, 0.005 + 0.045 * dice.fraction());
  for (const framework of frameworks) if (dice.chance(0.3)) framework.edit(dice, 0.01);
}

/** Every file of one release, by path inside the bundle. */
export function buildRelease(series: AppSeries, version: number): Map<string, Buffer> {
  const { bundle, name, encrypted } = series;
  const files = new Map(bundle.resources);
  for (const [path, program] of bundle.programs) files.set(path, program.link());
  const main = files.get(name);
  if (encrypted && main !== undefined) files.set(name, withCiphertext(main, series, version));
  files.set('Assets.car', Buffer.concat(bundle.assets));
  files.set('Info.plist', infoPlist(series, version));
  files.set('_CodeSignature/CodeResources', codeResources(files));
  return files;
}

function changedResource(dice: Dice, name: string, content: Buffer): Buffer {
  if (name.endsWith('.png')) {
    return dice.chance(0.35)
      ? image(dice, content.length * (0.8 + 0.4 * dice.fraction()))
      : content;
  }
  if (name.endsWith('.nib') && dice.chance(0.5)) {
    const half = Math.floor(content.length / 2);
    return Buffer.concat([content.subarray(0, half), dice.bytes(9), content.subarray(half + 3)]);
  }
  const encoding = name.endsWith('.strings') ? 'utf16le' : 'latin1';
  let changed = content;
  for (let count = dice.int(1, 4); count > 0; count -= 1) {
    // Even places: UTF-16 stays in step.
    const at = dice.int(0, Math.floor((changed.length - 1) / 2)) * 2;
    const text = Buffer.from(prose(dice, dice.int(10, 120)), encoding);
    changed = Buffer.concat([changed.subarray(0, at), text, changed.subarray(at)]);
  }
  return changed;
}

function withCiphertext(program: Buffer, { number }: AppSeries, version: number): Buffer {
  const end = Math.floor(program.length * ENCRYPTED_SHARE);
  const ciphertext = createDice('ciphertext', number, version).bytes(end - CODE_START);
  return Buffer.concat([program.subarray(0, CODE_START), ciphertext, program.subarray(end)]);
}

function infoPlist({ number, name, bundleId }: AppSeries, version: number): Buffer {
  const dice = createDice('app-info', number);
  const permissions = Array.from({ length: 30 }, (_, at) => [`NSK${at}`, prose(dice, 40)]);
  return writeBinaryPlist({
    CFBundleIdentifier: bundleId,
    CFBundleName: name,
    CFBundleDisplayName: name,
    CFBundleExecutable: name,
    CFBundlePackageType: 'APPL',
    CFBundleShortVersionString: `${version}.0`,
    CFBundleVersion: String(1000 + version),
    CFBundleSupportedPlatforms: ['iPhoneOS'],
    MinimumOSVersion: '15.0',
    UIDeviceFamily: [1, 2],
    UIRequiredDeviceCapabilities: ['arm64'],
    ...(Object.fromEntries(permissions) as Record<string, string>),
  });
}

/** The list of hashes in a signature: changes with every file. */
function codeResources(files: ReadonlyMap<string, Buffer>): Buffer {
  const names = [...files.keys()].sort();
  const hashes = names.map((name) => {
    const content = files.get(name) ?? Buffer.alloc(0);
    const hash = createHash('sha1').update(content).digest();
    return [name, { hash, hash2: createHash('sha256').update(content).digest() }] as const;
  });
  return writeXmlPlist({ files: Object.fromEntries(hashes) });
}
