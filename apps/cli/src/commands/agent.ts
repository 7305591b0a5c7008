import { isArchiveError } from '@rootcellar/model';
import {
  agentConfigPath,
  asText,
  readAgentConfig,
  writeAgentConfig,
} from '../agent/agent-config.js';
import type { AgentConfig } from '../agent/agent-config.js';
import { runAgent } from '../agent/run-agent.js';
import * as services from '../agent/service-manager.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { readStatuses } from '../watch/status-file.js';
import type { WatchStatus } from '../watch/status-file.js';
import { distinctFolders, watchPlace } from '../watch/watch-folders.js';
import type { Register } from './command.js';
import { when } from './lists.js';
import { watchSettings } from './watch.js';

interface InstallOptions {
  readonly backups?: boolean;
  readonly dryRun?: boolean;
}

export const registerAgent: Register = (program, run) => {
  const agent = program
    .command('agent')
    .description('watch folders in the background, from login on (systemd, launchd)');
  agent
    .command('install <folder...>')
    .description('note the folders, show and write what starts the agent, and start it')
    .option('--backups', 'push finished iPhone and iPad backups in them as well')
    .option('--dry-run', 'only show what would be written')
    .action(run(install));
  agent
    .command('uninstall')
    .description('stop the agent and remove what starts it; what was kept stays')
    .action(run(uninstall));
  agent
    .command('status')
    .description('whether it is installed and runs, and what it did last')
    .addHelpText(
      'after',
      '\nEnds with 0 when it runs, 1 when it does not, 10 when it is not installed.',
    )
    .action(run(status));
  agent
    .command('run')
    .description('what the system starts: watches the noted folders until it is stopped')
    .option('--settle <seconds>', 'how long a file must not change (5)')
    .option('--every <seconds>', 'how often to look without being told (60)')
    .option('--pause <seconds>', 'how long to wait after a failure at first (5); longer each time')
    .action(run(work));
};

async function install(
  context: Context,
  given: readonly string[],
  { backups, dryRun }: InstallOptions,
): Promise<ExitCode> {
  const { configFolder, output, world } = context;
  const config: AgentConfig = {
    ...{ version: 1, folders: distinctFolders(given), backups: backups === true },
    profile: context.profileName,
  };
  const start = services.agentStart(configFolder);
  const manager = services.serviceManager(world, start);
  const { path, text } = manager;
  const files = [
    { path: agentConfigPath(configFolder), text: asText(config) },
    { path, text },
  ];
  const shown = files.map((file) => `${file.path}:\n\n${file.text}`).join('\n');
  if (dryRun === true) {
    output.result({ installed: false, files }, shown);
    return EXIT.ok;
  }
  output.note(shown);
  // First: whoever starts the agent by other means needs it.
  await writeAgentConfig(configFolder, config);
  await services.install(world, manager, start);
  const advice = (await isSignedIn(context))
    ? manager.advice
    : `${manager.advice}\nThis computer is not signed in yet: the agent waits for \`rootcellar login\`.`;
  output.result(
    { installed: true, running: await services.isRunning(world, manager), files },
    `The agent watches ${config.folders.join(', ')}.\n${advice}`,
  );
  return EXIT.ok;
}

async function isSignedIn(context: Context): Promise<boolean> {
  return (await context.profiles.read(context.profileName)) !== undefined;
}

async function uninstall(context: Context): Promise<ExitCode> {
  const { configFolder, output, world } = context;
  const manager = services.serviceManager(world, services.agentStart(configFolder));
  const removed = await services.uninstall(world, manager);
  const text = removed
    ? `The agent is stopped and gone. Its folders stay noted in ${agentConfigPath(configFolder)}.`
    : 'The agent was not installed.';
  output.result({ removed, path: manager.path }, text);
  return removed ? EXIT.ok : EXIT.notFound;
}

async function status(context: Context): Promise<ExitCode> {
  const { configFolder, output, world } = context;
  const manager = services.serviceManager(world, services.agentStart(configFolder));
  const config = await configured(configFolder);
  const installed = await services.isInstalled(manager);
  const running = installed && (await services.isRunning(world, manager));
  const noted = new Set(distinctFolders(config?.folders ?? []));
  const folders = (await readStatuses(watchPlace(configFolder)))
    .filter(({ folder }) => noted.has(folder))
    .map((one) => ({ id: one.folder, ...one, state: livingState(one) }));
  const lines = [
    installed
      ? `Installed: ${manager.path}`
      : 'Not installed: `rootcellar agent install <folder>`.',
    `Runs: ${running ? 'yes' : 'no'}`,
    ...(config?.folders ?? []).flatMap((folder) => lineOf(folder, folders)),
  ];
  output.result(
    {
      installed,
      running,
      manager: manager.name,
      path: manager.path,
      config: config ?? null,
      folders,
    },
    lines.join('\n'),
  );
  if (!installed) return EXIT.notFound;
  return running ? EXIT.ok : EXIT.failed;
}

async function configured(configFolder: string): Promise<AgentConfig | undefined> {
  try {
    return await readAgentConfig(configFolder);
  } catch (error) {
    if (!isArchiveError(error, 'AGENT_NOT_CONFIGURED')) throw error;
    return undefined;
  }
}

/** Who was killed could not write that it ended. */
function livingState({ pid, state }: WatchStatus): WatchStatus['state'] {
  try {
    process.kill(pid, 0);
    return state;
  } catch {
    return 'ended';
  }
}

function lineOf(folder: string, all: readonly WatchStatus[]): string[] {
  const one = all.find((status) => status.folder === folder);
  if (one === undefined) return [`${folder}: never looked at`];
  const { state, code, since, last } = one;
  const why = code === null ? '' : ` (${code})`;
  return [
    `${folder}: ${state}${why} since ${when(since)}`,
    ...(last === null ? [] : [`  last, ${when(last.at)}: ${last.file}: ${last.text}`]),
  ];
}

async function work(
  context: Context,
  options: Parameters<typeof watchSettings>[0],
): Promise<ExitCode> {
  await runAgent(context, watchSettings(options));
  return EXIT.ok;
}
