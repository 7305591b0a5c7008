import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandEnd } from '@rootcellar/testkit';
import type { Dice } from '../bench/corpus/dice.js';
import { generatePackages } from '../bench/generate-packages.js';
import { contradictions, sha256OfFile, takeEvidence } from './evidence.js';
import type { Evidence } from './evidence.js';
import type { Ledger } from './ledger.js';
import type { Phones } from './phones.js';
import type { Passage } from './wire.js';

/** One thing a member of the family does, and does again until it is done. */
export interface Deed {
  /** Deeds that take about the same time. */
  readonly kind: 'first-push' | 'next-push' | 'add' | 'restore';
  readonly words: string;
  readonly args: readonly string[];
  readonly passages: readonly [Passage, ...Passage[]];
  /** What the service may list although its acknowledgement was never heard. */
  readonly unheard: Evidence | undefined;
  /** Writes down what was acknowledged. @returns what is wrong about it */
  readonly acknowledge: (answer: ReturnType<CommandEnd['json']>) => Promise<string[]>;
}

/** At the default size. */
const FIRST_PUSH_BODIES = 4;

const OPENING: Passage = {
  ...{ side: 'request', name: 'the opening', nth: 1 },
  request: /^POST \/api\/v1\/uploads$/,
};
const COMMIT: Passage = {
  ...{ side: 'request', name: 'the commit', nth: 1 },
  request: /^POST \/api\/v1\/uploads\/[^/]+\/commit/,
};

function chunks(side: Passage['side'], nth: number): Passage {
  return { side, name: 'chunks', nth, request: /^POST \/api\/v1\/uploads\/[^/]+\/chunks$/ };
}

/** `bodies`: how many of them carry its chunks, about. The commit stands twice: what goes wrong, goes wrong around it. */
function pushPassages(dice: Dice, bodies: number): readonly [Passage, ...Passage[]] {
  const answered = { ...COMMIT, side: 'answer' } as const;
  return [
    ...([OPENING, { ...OPENING, side: 'answer' }] as const),
    ...[chunks('request', dice.int(1, bodies)), chunks('answer', dice.int(1, bodies))],
    ...[COMMIT, COMMIT, answered, answered],
  ];
}

/** Pushes a new backup. */
export async function pushDeed(dice: Dice, phones: Phones, ledger: Ledger): Promise<Deed> {
  const phone = phones.backUp(dice);
  const evidence = await takeEvidence(phone.folder);
  const first = phone.day === 1;
  return {
    kind: first ? 'first-push' : 'next-push',
    words: `push of day ${phone.day} of phone ${phone.number}`,
    args: ['push', phone.folder],
    passages: pushPassages(dice, first ? FIRST_PUSH_BODIES : 1),
    unheard: evidence,
    acknowledge: ({ snapshotId, complete }) => {
      ledger.snapshots.set(snapshotId, evidence);
      return Promise.resolve(complete ? [] : [`snapshot ${snapshotId} is not complete`]);
    },
  };
}

/** Adds the next release of an app. */
export async function addDeed(
  dice: Dice,
  ledger: Ledger,
  order: { readonly folder: string; readonly seed: number },
): Promise<Deed> {
  const made = (await readdir(order.folder).catch(() => [])).length;
  const folder = join(order.folder, String(made));
  await generatePackages({
    folder,
    seed: order.seed * 1000 + made,
    apps: 1,
    versions: 2,
    appMib: 8,
  });
  const files = ['v1.ipa', 'v2.ipa'].map((name) => join(folder, 'app0', name));
  return {
    kind: 'add',
    words: `addition of packages ${made * 2 + 1} and ${made * 2 + 2}`,
    args: ['app', 'add', folder],
    passages: pushPassages(dice, 2),
    unheard: undefined,
    acknowledge: async ({ items }) => {
      const wrong: string[] = [];
      for (const file of files) {
        const item = items.find((candidate) => candidate.file === file);
        if (item === undefined || item.status === 'refused') wrong.push(`${file} was not added`);
        else {
          const [sha256, { size }] = [await sha256OfFile(file), await stat(file)];
          ledger.packages.set(item.artifactId, { sha256, size });
        }
      }
      return wrong;
    },
  };
}

/** Restores a snapshot that was acknowledged before. */
export async function restoreDeed(
  dice: Dice,
  ledger: Ledger,
  target: string,
): Promise<Deed | undefined> {
  const all = [...ledger.snapshots];
  const [id, evidence] = all[dice.int(0, Math.max(0, all.length - 1))] ?? [];
  if (id === undefined || evidence === undefined) return undefined;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const stream = { name: 'the stream', request: /^GET \/api\/v1\/snapshots\/[^/]+\/stream/ };
  return {
    kind: 'restore',
    words: `restore of snapshot ${id}`,
    args: ['restore', id, '--to', target],
    passages: [
      { side: 'request', nth: 1, ...stream },
      { side: 'answer', nth: dice.int(1, 60), ...stream },
      { side: 'answer', nth: dice.int(1, 300), ...stream },
    ],
    unheard: undefined,
    acknowledge: async ({ path }) => {
      const wrong = await contradictions(evidence, path);
      const left = (await readdir(target)).filter((name) => name.startsWith('.'));
      await rm(target, { recursive: true, force: true });
      return [...wrong, ...left.map((name) => `the restore left ${name} behind`)];
    },
  };
}
