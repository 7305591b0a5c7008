import { join } from 'node:path';
import { ServiceFailed, startServiceProcess } from '@rootcellar/testkit';
import { highWaterMark } from './process-memory.js';
import { CommandFailed } from './run-command.js';
import type { Workbench } from './run-command.js';

/** The standalone service, running for one archive. */
export interface RunningService {
  readonly url: string;
  readonly data: string;
  /** PostgreSQL, a program of its own, is not counted. */
  peakBytes(): number | undefined;
  stop(): Promise<void>;
}

/** Starts the service on a free port of the loopback address and waits for its ready line. */
export async function startService(room: string, bench: Workbench): Promise<RunningService> {
  const data = join(room, 'data');
  bench.say(`$ ROOTCELLAR_DATA=${data} npm start &`);
  try {
    const { url, pid, stop } = await startServiceProcess({ data, signal: bench.signal });
    return {
      url,
      data,
      peakBytes: () => highWaterMark(pid),
      stop: async () => {
        await stop();
      },
    };
  } catch (error) {
    throw error instanceof ServiceFailed ? new CommandFailed(error.message) : error;
  }
}
