import type { PushFigures } from './pushing.js';
import type { RouteLatency } from './route-figures.js';
import type { ClusterReport } from './run-cluster.js';

const MS = 1000;

/** Prints everything of a run. */
export function tellReport(report: ClusterReport): void {
  const { pushes, snapshots, forgotten, collections, strikes, deaths, again, recoveries } = report;
  console.log(
    `${pushes} pushes, ${snapshots} snapshots kept and compared, ${forgotten} forgotten, ${collections} collections; ` +
      `killed ${strikes} times an api and a worker, ${deaths} processes ended by themselves`,
  );
  for (const [what, times] of Object.entries(again)) {
    console.log(`ended with 75 (run again): ${what}: ${times} times`);
  }
  tellFigures(report);
  const rows = recoveries.map(({ outage, ...seconds }) => [
    outage,
    ...[seconds.lasted, seconds.ready, seconds.push, seconds.job].map((value) =>
      value === null ? 'never' : value.toFixed(1),
    ),
  ]);
  console.log(`a requested job when nothing is away: ${report.calmJobSeconds.toFixed(1)} s`);
  if (rows.length > 0) printTable(['outage', 'lasted s', 'ready', 'push', 'job'], rows);
  for (const fault of report.faults) console.log(fault);
}

/** Prints throughput and the latencies of each route. */
export function tellFigures(report: {
  readonly figures: PushFigures;
  readonly latencies: readonly RouteLatency[];
}): void {
  const { figures, latencies } = report;
  const of = (mib: number, seconds: number): string =>
    `${mib.toFixed(0)} MiB in ${seconds.toFixed(1)} s, ${(mib / seconds).toFixed(1)} MiB/s`;
  const { firstSeconds, firstMibPerSecond } = figures;
  console.log(`first backups: ${of(firstSeconds * firstMibPerSecond, firstSeconds)}`);
  console.log(`all rounds: ${of(figures.mib, figures.seconds)}`);
  printTable(
    ['route', 'requests', 'p50 ms', 'p95 ms', 'p99 ms'],
    latencies.map(({ route, requests, p50, p95, p99 }) => [
      route,
      String(requests),
      ...[p50, p95, p99].map((seconds) => (seconds * MS).toFixed(0)),
    ]),
  );
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, at) =>
    Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  for (const row of [head, ...rows]) {
    console.log(row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '));
  }
}
