import type { StorageDay } from '../ports/space-catalog.js';

/** When the household's packs reach a limit, if they go on growing as they did. */
export interface Forecast {
  /** Bytes a day, by the line of least squares through the days seen. */
  readonly bytesPerDay: number;
  /** How many days the line goes through. */
  readonly days: number;
  readonly limit: 'budget' | 'disk';
  readonly limitBytes: number;
  /** `2027-03-01`; undefined when nothing grows, or not within ten years. */
  readonly fullOn: string | undefined;
  readonly method: string;
}

const DAY_MS = 86_400_000;
const DAYS_SEEN = 30;
/** Fewer say nothing. */
const DAYS_LEAST = 3;
const FARTHEST_DAYS = 3653;

/** For the limit that is reached first; `undefined` without a limit or with too few days. */
export function forecast(of: {
  readonly history: readonly StorageDay[];
  readonly limits: Readonly<Record<'budget' | 'disk', number | undefined>>;
}): Forecast | undefined {
  const seen = of.history.slice(-DAYS_SEEN);
  const last = seen.at(-1);
  const [nearest] = Object.entries(of.limits)
    .flatMap(([limit, bytes]) => (bytes === undefined ? [] : [{ limit, bytes }]))
    .sort((a, b) => a.bytes - b.bytes);
  if (nearest === undefined || last === undefined || seen.length < DAYS_LEAST) return undefined;
  const bytesPerDay = slope(
    seen.map(({ day, storedBytes }) => ({ x: Date.parse(day) / DAY_MS, y: storedBytes })),
  );
  const days = Math.max(0, nearest.bytes - last.storedBytes) / bytesPerDay;
  const reached = bytesPerDay > 0 && days <= FARTHEST_DAYS;
  return {
    bytesPerDay: Math.round(bytesPerDay),
    days: seen.length,
    limit: nearest.limit as Forecast['limit'],
    limitBytes: nearest.bytes,
    fullOn: reached
      ? new Date(Date.parse(last.day) + days * DAY_MS).toISOString().slice(0, 10)
      : undefined,
    method: `least squares through the stored bytes of the last ${seen.length} days noted`,
  };
}

function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const variance = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (variance === 0) return 0;
  return points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / variance;
}
