import { parentPort, workerData } from 'node:worker_threads';
import { Fuzzer } from './fuzzer.js';
import type { Finding } from './fuzzer.js';
import { everyTarget } from './targets/every-target.js';
import { TrialBoard } from './trial-board.js';

/** What the thread is started with. */
export interface FuzzOrder {
  readonly seed: number;
  readonly seconds: number;
  readonly board: SharedArrayBuffer;
}

/** What it tells now and then, and at its end. */
export interface FuzzNews {
  readonly trials: number;
  readonly refused: number;
  /** How often each code was the answer. */
  readonly codes: Readonly<Record<string, number>>;
  /** Of each target, the first finding of a kind. */
  readonly findings: readonly Finding[];
}

const NEWS_MS = 5000;
const FINDINGS_PER_TARGET = 3;

async function run({ seed, seconds, board }: FuzzOrder): Promise<void> {
  await using every = await everyTarget();
  const shown = new TrialBoard(board);
  const fuzzer = new Fuzzer(every.targets, {
    seed,
    onTrial: (target, input) => shown.show(target, input),
  });
  const codes: Record<string, number> = {};
  const findings: Finding[] = [];
  let [trials, refused] = [0, 0];
  const tell = (): void => {
    const news: FuzzNews = { trials, refused, codes: { ...codes }, findings: findings.splice(0) };
    parentPort?.postMessage(news);
  };
  const known = new Set<string>();
  const end = performance.now() + seconds * 1000;
  for (let told = performance.now(); performance.now() < end && !shown.stopped;) {
    const { refusal, finding } = await fuzzer.next();
    trials += 1;
    if (refusal !== undefined) {
      refused += 1;
      codes[refusal] = (codes[refusal] ?? 0) + 1;
    }
    if (finding !== undefined && isNew(known, finding)) findings.push(finding);
    if (performance.now() - told > NEWS_MS) {
      tell();
      told = performance.now();
    }
  }
  tell();
}

/** One bug is found a thousand times. */
function isNew(known: Set<string>, { target, why }: Finding): boolean {
  const kind = `${target} ${why.replaceAll(/\d+/g, '#')}`;
  const ofTarget = [...known].filter((name) => name.startsWith(`${target} `)).length;
  if (known.has(kind) || ofTarget === FINDINGS_PER_TARGET) return false;
  known.add(kind);
  return true;
}

await run(workerData as FuzzOrder);
