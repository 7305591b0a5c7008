import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { createAppBundle } from './corpus/app-bundle.js';
import { buildRelease, changeBundle } from './corpus/app-release.js';
import type { AppSeries } from './corpus/app-release.js';
import { createDice } from './corpus/dice.js';
import type { Dice } from './corpus/dice.js';
import { appId } from './corpus/domains.js';
import { DEFLATED, STORED, writeZip } from './corpus/zip-file.js';
import type { ZipMember, ZipTime } from './corpus/zip-file.js';

export interface PackagesOrder {
  /** Gets `app<k>/v<n>.ipa`. */
  readonly folder: string;
  readonly seed: number;
  readonly apps: number;
  readonly versions: number;
  /** Mean size of an app, unpacked. */
  readonly appMib: number;
  /** Raw deflate; the default is Node's zlib, which packs other bytes than the zlib of most packers. */
  readonly deflate?: Deflate;
}

export type Deflate = (content: Buffer, level: number) => Promise<Buffer>;

export interface PackageTotals {
  readonly packages: number;
  readonly bytes: number;
}

/** How a release was packed: times kept where nothing changed, all new, or all new in another order. */
type Packing = 'stable' | 'rebuild' | 'shuffle';

/** What the last release made of a file, so that an unchanged one is not packed again. */
interface PackedFile extends Omit<ZipMember, 'name'> {
  readonly sha1: string;
  readonly level: number;
}

const MIB = 2 ** 20;
const nodeDeflate = promisify(deflateRaw);

/**
 * A series of app packages, each release a slight change of the one before. Odd apps are as from the App Store;
 * app 5 is packed harder from version 5 on, app 6 by a streaming tool, app 7 quickly; apps 2, 6, … store their images.
 */
export async function generatePackages(order: PackagesOrder): Promise<PackageTotals> {
  let [packages, bytes] = [0, 0];
  for (let number = 0; number < order.apps; number += 1) {
    const dice = createDice('app', order.seed, number);
    const series = createSeries(number, dice, order.appMib * MIB);
    const folder = join(order.folder, `app${number}`);
    mkdirSync(folder, { recursive: true });
    const packed = new Map<string, PackedFile>();
    for (let version = 1; version <= order.versions; version += 1) {
      if (version > 1) changeBundle(series.bundle, dice, version);
      const release = { series, version, packing: packingOf(dice, version) };
      const members = await packRelease(release, packed, { dice, deflate: order.deflate });
      const path = join(folder, `v${version}.ipa`);
      bytes += writeZip(path, members, { streamed: number === 6 });
      packages += 1;
    }
  }
  return { packages, bytes };
}

function createSeries(number: number, dice: Dice, meanSize: number): AppSeries {
  const name = `App${number}`;
  const bundle = createAppBundle(name, dice, meanSize * (0.5 + dice.fraction()));
  return { number, name, bundleId: appId(number), encrypted: number % 2 === 1, bundle };
}

function packingOf(dice: Dice, version: number): Packing {
  const draw = dice.fraction();
  if (version === 1) return 'rebuild';
  if (draw < 0.4) return 'stable';
  return draw < 0.8 ? 'rebuild' : 'shuffle';
}

interface Release {
  readonly series: AppSeries;
  readonly version: number;
  readonly packing: Packing;
}

async function packRelease(
  { series, version, packing }: Release,
  packed: Map<string, PackedFile>,
  { dice, deflate = (content, level) => nodeDeflate(content, { level }) }: PackingTools,
): Promise<ZipMember[]> {
  const files = buildRelease(series, version);
  const level = levelOf(series.number, version);
  const now = timeOf(series.number, version);
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const order = packing === 'shuffle' ? dice.sample(sorted, sorted.length) : sorted;
  // All at once: Node packs in its own few threads, and an app is some tens of MiB.
  return Promise.all(
    order.map(async ([path, content]): Promise<ZipMember> => {
      const sha1 = createHash('sha1').update(content).digest('hex');
      const older = packed.get(path);
      const same = older?.sha1 === sha1;
      const modified = same && packing === 'stable' ? older.modified : now;
      const method = path.endsWith('.png') && series.number % 4 === 2 ? STORED : DEFLATED;
      const file: PackedFile =
        same && older.level === level
          ? { ...older, modified }
          : {
              ...{ sha1, level, modified, method, size: content.length, crc32: crc32(content) },
              packed: method === STORED ? content : await deflate(content, level),
            };
      packed.set(path, file);
      return { ...file, name: `Payload/${series.name}.app/${path}` };
    }),
  );
}

interface PackingTools {
  readonly dice: Dice;
  readonly deflate: Deflate | undefined;
}

function levelOf(app: number, version: number): number {
  if (app === 7) return 1;
  return app === 5 && version >= 5 ? 9 : 6;
}

function timeOf(app: number, version: number): ZipTime {
  return {
    year: 2024,
    month: 1 + ((version - 1) % 12),
    day: 1 + (app % 28),
    hour: 10,
    minute: version % 60,
  };
}
