import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** One value of a gauge with its labels. */
export type Reading = readonly [value: number, labels?: Readonly<Record<string, string>>];

export interface GaugeSettings {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** Asked when somebody scrapes. What it does not give is not shown; when it throws, nothing is: an old value would be a lie. */
  readonly read: () => Promise<readonly Reading[]>;
}

/** Registers a gauge that is read whenever metrics are. */
export function registerGauge(registry: Registry, settings: GaugeSettings): void {
  const { name, help, labels = [], read } = settings;
  const gauge: Gauge = new Gauge({
    ...{ name, help, registers: [registry] },
    labelNames: [...labels],
    async collect() {
      const readings = await read().catch(() => []);
      gauge.reset();
      // Without labels a gauge that was reset shows 0.
      if (labels.length === 0 && readings.length === 0) gauge.remove();
      for (const [value, of = {}] of readings) gauge.set(of, value);
    },
  });
}
