/** What PostgreSQL makes of signals: fast shutdown, immediate shutdown (recovery at the next start), and no choice. */
const STEPS = [
  ['SIGINT', 60_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 10_000],
] as const;

export interface Stoppable {
  signal(signal: NodeJS.Signals): void;
  /** True as soon as it is gone, false when `ms` have passed. */
  goneWithin(ms: number): Promise<boolean>;
}

/** Ends a server as gently as it lets us; false when it is still there. */
export async function stopInSteps(server: Stoppable): Promise<boolean> {
  for (const [signal, patience] of STEPS) {
    server.signal(signal);
    if (await server.goneWithin(patience)) return true;
  }
  return false;
}
