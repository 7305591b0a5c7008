import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { SystemUser } from '../postgres/run-program.js';

/** Another Node that runs a piece of code against what this room exports; it ends with the test at the latest. */
export interface OtherProcess extends AsyncDisposable {
  readonly pid: number;
  /** The next line it prints; what it says about an error is in the error that is thrown when there is none. */
  line(): Promise<string>;
  /** kill -9: nothing of it gets a chance to clean up. */
  kill(): Promise<void>;
}

const ROOM = new URL('../index.js', import.meta.url).href;

/** Starts it; the code finds the exports as `room`, prints lines, and should end by being killed. */
export function startOther(code: string, user?: SystemUser): OtherProcess {
  // By itself, not by spawn: the Node we run on may lie where only root may look.
  const become =
    user === undefined
      ? ''
      : `process.setgroups([]); process.setgid(${user.gid}); process.setuid(${user.uid});`;
  const script = `
    ${become}
    const room = await import(${JSON.stringify(ROOM)});
    const log = { info() {}, warn() {} };
    const print = (value) => console.log(JSON.stringify(value));
    setInterval(() => {}, 1000);
    ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    pid: child.pid ?? -1,
    line: async () => {
      const next = await lines.next();
      if (next.done === true) throw new Error(`The other process ended: ${said}`);
      return next.value;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
