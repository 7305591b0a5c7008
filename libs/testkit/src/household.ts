import { join } from 'node:path';
import { makeAgent, setUpHousehold } from './agent.js';
import type { Agent } from './agent.js';
import { freePort } from './free-port.js';
import { startServiceProcess } from './service-process.js';
import type { ServiceProcess } from './service-process.js';
import { makeTemporaryFolder } from './temporary-folder.js';

/** A service that is set up, a computer that is signed in, and a folder for what a test makes. */
export interface Household {
  /** Its path holds a space, as paths of people do; so do the data folder's and the agent's in it. */
  readonly room: string;
  /** The one that runs now, or ran last. */
  readonly service: ServiceProcess;
  readonly agent: Agent;
  /** The same sign-in by another way to the service, see `openLine`. */
  agentAt(url: string): Agent;
  /** Another computer: own settings, no sign-in, no memory. */
  newAgent(name: string): Agent;
  /** After `service.stop` or `service.kill`: the same data on the same port. */
  startAgain(): Promise<ServiceProcess>;
  /** Stops the service and removes the folder. */
  close(): Promise<void>;
}

export interface HouseholdSettings {
  /** The service's data folder; one in the room without it. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function openHousehold(settings: HouseholdSettings = {}): Promise<Household> {
  const room = await makeTemporaryFolder('rootcellar test');
  const { env = {} } = settings;
  const place = { data: settings.data ?? join(room.path, 'data'), port: await freePort(), env };
  try {
    let service = await startServiceProcess(place);
    const { url } = service;
    const home = join(room.path, 'computer');
    const agent = makeAgent({ home, url });
    await setUpHousehold(agent, service);
    return {
      ...{ room: room.path, agent },
      get service() {
        return service;
      },
      agentAt: (other) => makeAgent({ home, url: other }),
      newAgent: (name) => makeAgent({ home: join(room.path, name), url }),
      startAgain: async () => {
        service = await startServiceProcess(place);
        return service;
      },
      close: async () => {
        await service.stop();
        await room.remove();
      },
    };
  } catch (error) {
    await room.remove();
    throw error;
  }
}
