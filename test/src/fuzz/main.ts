import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FuzzNews, FuzzOrder } from './fuzz-thread.js';
import type { Finding } from './fuzzer.js';
import { USAGE, parseOptions } from './options.js';
import type { FuzzOptions } from './options.js';
import { TrialBoard } from './trial-board.js';

/** An input that takes longer than this by the clock hangs; shorter ones are judged by processor time. */
const HANG_MS = 60_000;
const WATCH_MS = 1000;

try {
  process.exitCode = await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(options: FuzzOptions): Promise<number> {
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const { seed, seconds } = options;
  const board = new TrialBoard();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => board.stop());
  const order: FuzzOrder = { seed, seconds, board: board.memory };
  const thread = new Worker(new URL('fuzz-thread.js', import.meta.url), { workerData: order });
  let last: FuzzNews | undefined;
  let found = 0;
  thread.on('message', (news: FuzzNews) => {
    last = news;
    found += news.findings.length;
    for (const finding of news.findings) print(finding, seed);
    console.log(`${news.trials} inputs, ${news.refused} refused, ${found} findings`);
  });
  const hung = watch(board, (finding) => {
    found += 1;
    print(finding, seed);
    void thread.terminate();
  });
  await once(thread, 'exit');
  clearInterval(hung);
  const codes = Object.entries(last?.codes ?? {}).sort(([, a], [, b]) => b - a);
  console.log(codes.map(([code, times]) => `${code} ${times}`).join(', '));
  console.log(found === 0 ? 'Nothing found.' : `${found} FINDINGS: see above.`);
  return found === 0 ? 0 : 1;
}

/** Looks from outside whether the thread still moves on. */
function watch(board: TrialBoard, onHang: (finding: Finding) => void): NodeJS.Timeout {
  let since = performance.now();
  let number = 0;
  return setInterval(() => {
    const trial = board.read();
    if (trial.number !== number) {
      number = trial.number;
      since = performance.now();
    } else if (number > 0 && performance.now() - since > HANG_MS) {
      since = Infinity;
      onHang({ ...trial, why: `does not end in ${HANG_MS / 1000} s`, iteration: number });
    }
  }, WATCH_MS);
}

function print({ target, why, iteration, input }: Finding, seed: number): void {
  const base64 = Buffer.from(input).toString('base64');
  console.log(`FINDING in ${target}, seed ${seed}, iteration ${iteration}: ${why}`);
  console.log(`  input, ${input.length} bytes, base64: ${base64}`);
}
