import { spawnSync } from 'node:child_process';

/** The first line of what a command prints, or undefined when there is no such command. */
export function versionOf(command: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0]?.trim() : undefined;
}
