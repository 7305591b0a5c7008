export { ADMINISTRATOR, PASSWORD, makeAgent, setUpHousehold } from './agent.js';
export type { Agent, AgentSettings, CommandEnd, RunningCommand } from './agent.js';
export { COMMAND_SCRIPT, SERVICE_SCRIPT } from './checkout.js';
export { freePort } from './free-port.js';
export { differences } from './same-folder.js';
export { ServiceFailed, startServiceProcess } from './service-process.js';
export type { ServiceProcess, ServiceSettings } from './service-process.js';
export { makeTemporaryFolder } from './temporary-folder.js';
export type { TemporaryFolder } from './temporary-folder.js';
