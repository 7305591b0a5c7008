import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { makeTemporaryFolder, startCephRgw } from '@rootcellar/testkit';
import { CLUSTER_USAGE, parseClusterOptions } from './options.js';
import type { ClusterOptions } from './options.js';
import { runCluster } from './run-cluster.js';
import { runSingle } from './run-single.js';
import { tellFigures, tellReport } from './tell.js';

/** `npm run chaos -- --cluster …` @returns the exit code */
export async function playCluster(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseClusterOptions(args);
  if (options.help) {
    console.log(CLUSTER_USAGE);
    return 0;
  }
  const began = performance.now();
  const log = (line: string): void => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${seconds.padStart(7)} s  load ${(loadavg()[0] ?? 0).toFixed(1)}  ${line}`);
  };
  const room = await makeTemporaryFolder('rootcellar-cluster');
  // Everything we started ends with us.
  signal.addEventListener('abort', () => process.exit(130));
  const whole = await played(options, room.path, log);
  if (whole) await room.remove();
  else console.error(`Kept: ${room.path}\nAgain: npm run chaos -- ${args.join(' ')}`);
  console.log(
    whole ? 'Nothing was lost.' : `SOMETHING IS WRONG (seed ${options.seed}): see above.`,
  );
  return whole ? 0 : 1;
}

async function played(
  options: ClusterOptions,
  room: string,
  log: (line: string) => void,
): Promise<boolean> {
  const write = (report: object): void => {
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify({ options, report }, null, 2)}\n`);
    }
  };
  if (options.single) {
    const report = await runSingle({ options, room, log });
    tellFigures(report);
    write(report);
    for (const fault of report.faults) console.log(fault);
    return report.faults.length === 0;
  }
  await using s3 = await startCephRgw();
  const report = await runCluster({ options, room, log, s3 });
  tellReport(report);
  write(report);
  return report.faults.length === 0;
}
