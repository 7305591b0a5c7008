import type { Command } from 'commander';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit-code.js';

/** Adds one command (or a group) to the program. */
export type Register = (program: Command, run: RunCommand) => void;

/** Hands the context to the work and its exit code to the process. */
export type RunCommand = <Args extends unknown[]>(
  work: (context: Context, ...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;
