import type { Config } from '../config/load-config.js';
import { startMonitoring } from '../watch/start-monitoring.js';
import type { Monitoring } from '../watch/start-monitoring.js';
import type { Watch } from '../watch/watch.js';
import { describeListenError } from './listen-error.js';

/** The monitoring port, when the settings name one. @throws ArchiveError PORT_TAKEN, CONFIG_INVALID */
export async function monitored(
  watch: Watch,
  { monitoring }: Pick<Config, 'monitoring'>,
): Promise<Monitoring | undefined> {
  if (monitoring === undefined) return undefined;
  const { port, host } = monitoring;
  const { metrics, readiness } = watch;
  try {
    return await startMonitoring({ port, host, registry: metrics.registry, checks: readiness });
  } catch (error) {
    throw describeListenError(error, host, port, 'ROOTCELLAR_MONITORING');
  }
}
