import { samplesOf } from '../../api/scrape.js';

/** Latencies of one route: seconds below which so many of its requests were answered. */
export interface RouteLatency {
  readonly route: string;
  readonly requests: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Sums the histograms of processes that come and go. */
export interface RouteFigures {
  /** Adds what a process counted; do it once of each, at its end. */
  note(monitoringPort: number): Promise<void>;
  latencies(): RouteLatency[];
}

const BUCKET = 'rootcellar_http_request_duration_seconds_bucket';

export function openRouteFigures(): RouteFigures {
  /** By route, then by the upper end of the bucket; cumulative, as Prometheus has it. */
  const routes = new Map<string, Map<number, number>>();
  return {
    note: async (monitoringPort) => {
      const answer = await fetch(`http://127.0.0.1:${monitoringPort}/metrics`).catch(
        () => undefined,
      );
      if (answer === undefined) return;
      for (const { name, labels, value } of samplesOf(await answer.text())) {
        const { route = '', method = '', status = '', le = '' } = labels;
        if (name !== BUCKET || !status.startsWith('2')) continue;
        const key = `${method} ${route}`;
        const buckets = routes.get(key) ?? new Map<number, number>();
        const end = le === '+Inf' ? Infinity : Number(le);
        routes.set(key, buckets.set(end, (buckets.get(end) ?? 0) + value));
      }
    },
    latencies: () =>
      [...routes]
        .map(([route, buckets]) => ({
          route,
          requests: buckets.get(Infinity) ?? 0,
          ...{ p50: quantile(buckets, 0.5), p95: quantile(buckets, 0.95) },
          p99: quantile(buckets, 0.99),
        }))
        .filter(({ requests }) => requests > 0)
        .sort((a, b) => a.route.localeCompare(b.route)),
  };
}

/** As Prometheus' histogram_quantile: evenly spread within a bucket. */
export function quantile(buckets: ReadonlyMap<number, number>, share: number): number {
  const ends = [...buckets].sort(([a], [b]) => a - b);
  const rank = share * (ends.at(-1)?.[1] ?? 0);
  let [from, below] = [0, 0];
  for (const [end, count] of ends) {
    if (count >= rank && count > below) {
      return end === Infinity ? from : from + ((end - from) * (rank - below)) / (count - below);
    }
    [from, below] = [end, count];
  }
  return from;
}
