import { Command, CommanderError } from 'commander';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import { registerAccount } from './commands/account.js';
import { registerAdmin } from './commands/admin.js';
import { registerAgent } from './commands/agent.js';
import { registerAlert } from './commands/alert.js';
import { registerApp } from './commands/app.js';
import { registerApprove } from './commands/approve.js';
import { registerAudit } from './commands/audit.js';
import { registerBin } from './commands/bin.js';
import type { RunCommand } from './commands/command.js';
import { registerDevice } from './commands/device.js';
import { registerHold } from './commands/hold.js';
import { registerHousehold } from './commands/household.js';
import { registerJoin } from './commands/join.js';
import { registerMember } from './commands/member.js';
import { registerPush } from './commands/push.js';
import { registerQuota } from './commands/quota.js';
import { registerRestore } from './commands/restore.js';
import { registerRetention } from './commands/retention.js';
import { registerRollback } from './commands/rollback.js';
import { registerShare } from './commands/share.js';
import { registerSnapshot } from './commands/snapshot.js';
import { registerStorage } from './commands/storage.js';
import { registerToken } from './commands/token.js';
import { registerWatch } from './commands/watch.js';
import { Context } from './context.js';
import type { GlobalOptions, World } from './context.js';
import { EXIT, EXIT_HELP, exitCodeOf } from './exit-code.js';
import type { ExitCode } from './exit-code.js';
import { toArchiveError } from './service-error.js';

/** Runs one command line. @returns the exit code; nothing is thrown but faults */
export async function runProgram(world: World, args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(world, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    // What is wrong, or the help, is on standard error already.
    if (program.opts<GlobalOptions>().json === true) {
      const message =
        error.code === 'commander.help'
          ? 'A command is missing; see --help.'
          : error.message.replace(/^error: /, '');
      world.stdout.write(asJson(new ArchiveError('INPUT_INVALID', message)));
    }
    return EXIT.usage;
  }
}

function createProgram(world: World, onExit: (code: ExitCode) => void): Command {
  const program = new Command('rootcellar')
    .description(
      'Keeps every version of the apps and backups a household cares about, and gives any of them back.',
    )
    .option('--server <url>', 'address of the service; that of the sign-in without it')
    .option('--profile <name>', 'which sign-in of this computer to use')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'no progress and no notes')
    .showHelpAfterError('See --help.')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('afterAll', EXIT_HELP);
  configure(program, world);
  const run = runner(world, program, onExit);
  for (const register of [
    registerAccount,
    registerJoin,
    registerApprove,
    registerHousehold,
    registerMember,
    registerToken,
    registerPush,
    registerDevice,
    registerSnapshot,
    registerRestore,
    registerApp,
    registerWatch,
    registerAgent,
    registerRollback,
    registerHold,
    registerAlert,
    registerShare,
    registerRetention,
    registerBin,
    registerStorage,
    registerQuota,
    registerAudit,
    registerAdmin,
  ]) {
    register(program, run);
  }
  for (const command of everyCommand(program)) configure(command, world);
  return program;
}

function configure(command: Command, world: World): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => world.stdout.write(text),
    writeErr: (text) => world.stderr.write(text),
  });
}

function everyCommand(command: Command): Command[] {
  return command.commands.flatMap((sub) => [sub, ...everyCommand(sub)]);
}

/** Global options may stand anywhere; errors become a message, a hint and an exit code. */
function runner(world: World, program: Command, onExit: (code: ExitCode) => void): RunCommand {
  return (work) =>
    async (...args) => {
      const command = args.at(-1) as Command;
      const options: GlobalOptions = { ...program.opts(), ...command.optsWithGlobals() };
      const context = new Context(world, options);
      try {
        onExit(await work(context, ...args));
      } catch (thrown) {
        const error = toArchiveError(thrown, world.signal);
        report(context, error);
        onExit(exitCodeOf(error));
        if (!isArchiveError(error)) throw error;
      } finally {
        context.close();
      }
    };
}

function report(context: Context, error: unknown): void {
  if (!isArchiveError(error)) {
    if (context.output.json) {
      const fault = new ArchiveError('INTERNAL', 'A fault in the program; see standard error.');
      context.world.stdout.write(asJson(fault));
    }
    return;
  }
  if (context.output.json) context.world.stdout.write(asJson(error));
  context.output.error(
    `rootcellar: ${error.message} [${error.code}]${error.hint === undefined ? '' : `\n${error.hint}`}`,
  );
}

function asJson({ code, message, hint, details }: ArchiveError): string {
  const error = { code, message, ...(hint === undefined ? {} : { hint }), details };
  return `${JSON.stringify({ error })}\n`;
}
