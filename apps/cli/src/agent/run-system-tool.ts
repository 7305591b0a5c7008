import { execFile } from 'node:child_process';
import { errorCode } from '../error-code.js';

/** How a program of the system ended. */
export interface ToolEnd {
  /** Null: it could not be started, or was killed. */
  readonly code: number | null;
  readonly missing: boolean;
  readonly output: string;
}

const LIMITS = { timeout: 30_000, maxBuffer: 1_000_000, windowsHide: true } as const;

/** Runs `systemctl` and the like to the end; no shell, output bounded. */
export async function runSystemTool(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<ToolEnd> {
  return new Promise((resolve) => {
    execFile(name, args, { ...LIMITS, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({
        code,
        missing: errorCode(error) === 'ENOENT',
        output: `${stdout}${stderr}`.trim(),
      });
    });
  });
}
