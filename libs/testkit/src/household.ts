import { join } from 'node:path';
import { makeAgent, setUpHousehold } from './agent.js';
import type { Agent } from './agent.js';
import { freePort } from './free-port.js';
import { startServiceProcess } from './service-process.js';
import type { ServiceProcess } from './service-process.js';
import type { SmallDisk } from './small-disk.js';
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
  /** Where the service's data folder lies; in the room without it. */
  readonly disk?: SmallDisk;
  /** Settings of the service. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function openHousehold({
  disk,
  env = {},
}: HouseholdSettings = {}): Promise<Household> {
  await using opening = new AsyncDisposableStack();
  const room = await makeTemporaryFolder('rootcellar test');
  opening.defer(async () => room.remove());
  const data = join(disk?.inside ?? room.path, 'data');
  const place = { data, env, through: disk?.through ?? [], port: await freePort() };
  let service = await startServiceProcess(place);
  opening.defer(async () => {
    await service.stop();
  });
  const { url } = service;
  const home = join(room.path, 'computer');
  const agent = makeAgent({ home, url });
  const setupTokenFile = join(disk?.path ?? room.path, 'data', 'setup-token');
  await setUpHousehold(agent, { setupTokenFile });
  const opened = opening.move();
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
    close: async () => opened.disposeAsync(),
  };
}
