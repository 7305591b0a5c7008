import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArchiveError } from '@rootcellar/model';
import type { World } from '../context.js';
import { systemErrorCode } from '../error-code.js';
import { LAUNCHD_LABEL, launchdPlist } from './launchd-plist.js';
import { runSystemTool } from './run-system-tool.js';
import { UNIT_NAME, systemdUnit } from './systemd-unit.js';
import type { AgentStart } from './systemd-unit.js';

/** What starts programs of a user on this system. */
export interface ServiceManager {
  readonly name: 'systemd' | 'launchd';
  /** The file that describes the agent to it. */
  readonly path: string;
  readonly text: string;
  /** Commands that begin and end it, in order; all but the last may fail. */
  readonly begin: readonly (readonly string[])[];
  readonly end: readonly (readonly string[])[];
  /** Ends with 0 when it runs. */
  readonly ask: readonly string[];
  /** What else a person should know. */
  readonly advice: string;
}

/** How the agent is started here: this Node, this program, these settings. */
export function agentStart(configFolder: string): AgentStart {
  const program = fileURLToPath(new URL('../../bin/rootcellar.mjs', import.meta.url));
  return { node: process.execPath, program, configFolder };
}

/** @throws ArchiveError AGENT_SYSTEM_UNKNOWN */
export function serviceManager({ env, platform }: World, start: AgentStart): ServiceManager {
  const home = env['HOME'] ?? homedir();
  if (platform === 'linux') return systemd(env, home, start);
  if (platform === 'darwin') return launchd(home, start);
  throw unknownSystem(start, '');
}

function systemd(env: World['env'], home: string, start: AgentStart): ServiceManager {
  const systemctl = ['systemctl', '--user'];
  return {
    name: 'systemd',
    path: join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'systemd', 'user', UNIT_NAME),
    text: systemdUnit(start),
    begin: [
      [...systemctl, 'daemon-reload'],
      [...systemctl, 'enable', UNIT_NAME],
      [...systemctl, 'restart', UNIT_NAME],
    ],
    end: [[...systemctl, 'disable', '--now', UNIT_NAME]],
    ask: [...systemctl, 'is-active', '--quiet', UNIT_NAME],
    advice: `It runs while you are logged in; \`loginctl enable-linger\` lets it run always. \`journalctl --user -u ${UNIT_NAME}\` shows what it says.`,
  };
}

function launchd(home: string, start: AgentStart): ServiceManager {
  const log = join(home, 'Library', 'Logs', 'rootcellar-agent.log');
  const path = join(home, 'Library', 'LaunchAgents', `${LAUNCHD_LABEL}.plist`);
  const domain = `gui/${String(process.getuid?.() ?? 0)}`;
  const bootout = ['launchctl', 'bootout', `${domain}/${LAUNCHD_LABEL}`];
  return {
    name: 'launchd',
    path,
    text: launchdPlist({ ...start, log }),
    begin: [bootout, ['launchctl', 'bootstrap', domain, path]],
    end: [bootout],
    ask: ['launchctl', 'print', `${domain}/${LAUNCHD_LABEL}`],
    advice: `It runs while you are logged in; ${log} shows what it says. macOS asks once for each folder of yours it is to read.`,
  };
}

/**
 * Writes the file and starts the agent.
 * @throws ArchiveError AGENT_SYSTEM_UNKNOWN when nothing here starts programs for users, DATA_UNUSABLE
 */
export async function install(
  world: World,
  manager: ServiceManager,
  start: AgentStart,
): Promise<void> {
  await assertThere(world, manager, start);
  await writeWhole(manager.path, manager.text);
  await runAll(world, manager.begin);
}

/** Ends the agent and removes the file. @returns whether there was one */
export async function uninstall(world: World, manager: ServiceManager): Promise<boolean> {
  if (!(await isInstalled(manager))) return false;
  for (const [name = '', ...args] of manager.end) await runSystemTool(name, args, world.env);
  await rm(manager.path, { force: true });
  if (manager.name === 'systemd')
    await runSystemTool('systemctl', ['--user', 'daemon-reload'], world.env);
  return true;
}

export async function isInstalled({ path }: ServiceManager): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

export async function isRunning(world: World, { ask }: ServiceManager): Promise<boolean> {
  const [name = '', ...args] = ask;
  return (await runSystemTool(name, args, world.env)).code === 0;
}

/** A container, a system with another init, or a session without a user manager. */
async function assertThere(
  world: World,
  manager: ServiceManager,
  start: AgentStart,
): Promise<void> {
  if (manager.name !== 'systemd') return;
  const { code, missing } = await runSystemTool(
    'systemctl',
    ['--user', 'show-environment'],
    world.env,
  );
  if (missing) throw unknownSystem(start, 'This system has no systemd. ');
  if (code !== 0) throw unknownSystem(start, 'No systemd of yours runs here. ');
}

async function runAll(world: World, commands: readonly (readonly string[])[]): Promise<void> {
  for (const [n, [name = '', ...args]] of commands.entries()) {
    const { code, output } = await runSystemTool(name, args, world.env);
    if (code === 0 || n < commands.length - 1) continue;
    throw new ArchiveError(
      'AGENT_SYSTEM_UNKNOWN',
      `\`${[name, ...args].join(' ')}\` failed: ${output.slice(0, 500)}`,
      {
        hint: 'The folders are noted; `rootcellar agent run` does the work as long as it runs.',
      },
    );
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const staged = `${path}.${String(process.pid)}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(staged, text);
    await rename(staged, path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    await rm(staged, { force: true }).catch(() => undefined);
    throw new ArchiveError(
      'DATA_UNUSABLE',
      `${path} cannot be written (${code}). Nothing was started.`,
      { cause: error },
    );
  }
}

function unknownSystem({ node, program, configFolder }: AgentStart, what: string): ArchiveError {
  const line = `ROOTCELLAR_CONFIG='${configFolder}' '${node}' '${program}' agent run`;
  return new ArchiveError(
    'AGENT_SYSTEM_UNKNOWN',
    `${what}Nothing here starts programs for a user in a way we know. The folders are noted, nothing was started.`,
    {
      hint: `Let whatever starts programs here (cron's @reboot, runit, OpenRC, a task) run: ${line}`,
    },
  );
}
