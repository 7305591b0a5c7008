import { join } from 'node:path';
import { makeAgent, setUpHousehold, startServiceProcess } from '@rootcellar/testkit';
import type { Agent, ServiceProcess } from '@rootcellar/testkit';
import { isRunning, killHard, postmasterOf, until } from './processes.js';
import { layWire } from './wire.js';
import type { Wire } from './wire.js';

/** A service that can be killed and started again, and the command that talks to it over a wire that stays. */
export interface Household extends AsyncDisposable {
  readonly agent: Agent;
  readonly wire: Wire;
  readonly data: string;
  readonly servicePid: () => number;
  /** Starts the service again after its death. */
  readonly revive: () => Promise<void>;
  /**
   * Waits for the end of a service whose database was killed: it must end by itself and say why.
   * @returns what was wrong about it
   */
  readonly mournDatabase: () => Promise<string[]>;
}

/** How long a service may take to notice that its database is gone. */
const NOTICE_MS = 90_000;
const LAST_WORDS_MS = 5_000;
const NOTICE = 'The database ended by itself';

export async function foundHousehold(room: string, signal: AbortSignal): Promise<Household> {
  const data = join(room, 'data');
  const wire = await layWire();
  let service: ServiceProcess = await startServiceProcess({ data });
  wire.leadTo(service.port);
  const agent = makeAgent({ home: join(room, 'agent'), url: wire.url, signal });
  await setUpHousehold(agent, service);
  return {
    ...{ agent, wire, data },
    servicePid: () => service.pid,
    revive: async () => {
      await service.kill();
      service = await startServiceProcess({ data });
      wire.leadTo(service.port);
    },
    mournDatabase: async () => {
      if (!(await until(() => !isRunning(service.pid), NOTICE_MS))) {
        return ['the service went on without its database'];
      }
      const said = await until(() => service.lastWords().includes(NOTICE), LAST_WORDS_MS);
      const code = await service.stop();
      return [
        ...(said
          ? []
          : [`the service did not say that its database ended: ${service.lastWords()}`]),
        ...(code === 1 ? [] : [`the service ended with ${String(code)}, not with 1`]),
      ];
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      const left = await postmasterOf(data);
      if (left !== undefined) killHard(left);
      await wire[Symbol.asyncDispose]();
    },
  };
}
