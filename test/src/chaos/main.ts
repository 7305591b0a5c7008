import { writeFileSync } from 'node:fs';
import { playCluster } from './cluster/main.js';
import { makeTemporaryFolder } from '@rootcellar/testkit';
import { runChaos } from './chaos.js';
import type { RunReport } from './chaos.js';
import { playInterleavings } from './interleavings.js';
import { USAGE, parseOptions } from './options.js';
import type { ChaosOptions } from './options.js';

const INTERRUPTED = 130;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

try {
  const args = process.argv.slice(2);
  process.exitCode = await (args.includes('--cluster')
    ? playCluster(args, stop.signal)
    : main(parseOptions(args)));
} catch (error) {
  if (!stop.signal.aborted) console.error(error);
  process.exitCode = stop.signal.aborted ? INTERRUPTED : 1;
}

async function main(options: ChaosOptions): Promise<number> {
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const { runs, seed, sizeMib, interleavings } = options;
  const room = await makeTemporaryFolder('rootcellar-chaos');
  const repeat = `npm run chaos -- --runs ${runs} --seed ${seed} --size-mib ${sizeMib} --interleavings ${interleavings}`;
  let whole = false;
  try {
    const order = { runs, seed, sizeMib, room: room.path };
    const reports =
      runs === 0 ? [] : await runChaos({ ...order, onRun: print, signal: stop.signal });
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify({ runs, seed, sizeMib, reports }, null, 2)}\n`);
    }
    whole =
      reports.every(({ faults }) => faults.length === 0) &&
      (await playInterleavings({ count: interleavings, seed, signal: stop.signal }));
  } finally {
    if (whole || stop.signal.aborted) await room.remove();
    else console.error(`Kept: ${room.path}\nAgain: ${repeat}`);
  }
  const done = `${runs} runs and ${interleavings} interleavings`;
  console.log(whole ? `Nothing was lost in ${done}.` : 'SOMETHING IS WRONG: see above.');
  return whole ? 0 : 1;
}

function print(report: RunReport): void {
  const { run, deed, killed, outcome, attempts, snapshots, packages, seconds, faults } = report;
  console.log(
    `${String(run).padStart(3)}  ${deed}; killed ${killed}: ${outcome}; ` +
      `${attempts} ${attempts === 1 ? 'start' : 'starts'}; ` +
      `${faults.length === 0 ? 'identical' : 'WRONG'}: ${snapshots} snapshots, ${packages} packages; ${seconds.toFixed(1)} s`,
  );
  for (const fault of faults) console.log(`       ${fault}`);
}
