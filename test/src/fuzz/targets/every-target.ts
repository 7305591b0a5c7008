import type { Target } from '../target.js';
import { backupTargets } from './backup-targets.js';
import { packageTargets } from './package-targets.js';
import { vaultTargets } from './vault-targets.js';
import { wireTargets } from './wire-targets.js';

export interface EveryTarget extends AsyncDisposable {
  readonly targets: readonly Target[];
}

/** Every parser of bytes that come from outside: backups, packages, messages, what is stored. */
export async function everyTarget(): Promise<EveryTarget> {
  const backups = await backupTargets();
  const vault = await vaultTargets();
  return {
    targets: [...backups.targets, ...packageTargets(), ...(await wireTargets()), ...vault.targets],
    [Symbol.asyncDispose]: async () => {
      backups.remove();
      await vault.close();
    },
  };
}
