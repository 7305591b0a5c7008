import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkoutFile } from '../deployment/checkout-file.js';
import type { Actor } from './actor.js';
import type { Stage } from './stage.js';

const run = promisify(execFile);
const SECONDS = '60';

/** Waits until the image's own health check finds a process well. @throws Error with what both said when it does not, or ends */
export async function awaitHealth(stage: Stage, actor: Actor): Promise<void> {
  const check = run(
    process.execPath,
    [checkoutFile('deploy', 'image', 'healthcheck.mjs'), '--wait', SECONDS],
    { env: { ...stage.environment(actor.name) } },
  );
  const ended = actor.ended.then((code) => {
    throw new Error(`${actor.name} ended with ${String(code)}: ${actor.lastWords()}`);
  });
  ended.catch(() => undefined);
  try {
    await Promise.race([check, ended]);
  } catch (error) {
    check.child.kill();
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`${actor.name} is not well. ${words}\n${actor.lastWords()}`, { cause: error });
  }
}
