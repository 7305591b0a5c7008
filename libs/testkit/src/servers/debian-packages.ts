import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Which Debian package brings a program. */
export type PackageByProgram = Readonly<Record<string, string>>;

/** Debian keeps servers where only root looks by itself. */
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * One at a time, and no service of the system starts (invoke-rc.d asks policy-rc.d): tests run servers of their own. The lists of packages
 * are fetched only where they turn out to be missing or old.
 */
const INSTALL = `
set -u
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy" || exit 1
fi
install() {
  apt-get install -y -q --no-install-recommends \\
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@" < /dev/null
}
install "$@" || { apt-get update -q -o DPkg::Lock::Timeout=300 && install "$@"; }
`;

const LOCK = '/tmp/rootcellar-test-packages.lock';
const INSTALL_MS = 15 * 60_000;

/**
 * Sees that programs of the system are there, and installs the Debian packages of those that are not, where that is allowed: as root,
 * or by a `sudo` that asks nothing.
 * @throws Error that says in one sentence how to get them
 */
export async function ensurePrograms(programs: PackageByProgram): Promise<void> {
  const missing = await missingPackages(programs);
  if (missing.length === 0) return;
  const hint = `Tests need the Debian packages ${missing.join(' ')}: sudo apt-get install --no-install-recommends ${missing.join(' ')}`;
  const through = await waysToRoot();
  if (through === undefined) throw new Error(hint);

  console.error(`Installing what tests need (apt-get): ${missing.join(' ')} …`);
  const words = [...through, 'flock', LOCK, 'sh', '-c', INSTALL, 'sh', ...missing];
  try {
    await run('env', words, { timeout: INSTALL_MS, maxBuffer: 64 * 1024 ** 2 });
  } catch (error) {
    throw new Error(`${hint} (apt-get failed: ${lastWords(error)})`, { cause: error });
  }
  const still = await missingPackages(programs);
  if (still.length > 0) throw new Error(`${hint} (they were installed, but brought no program)`);
}

/** Where a program of the system lies, also for users whose path does not name the folders of servers. */
export async function programPath(program: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const path = join(folder, program);
    if (await mayRun(path)) return path;
  }
  return undefined;
}

async function missingPackages(programs: PackageByProgram): Promise<string[]> {
  const missing = new Set<string>();
  for (const [program, name] of Object.entries(programs)) {
    if ((await programPath(program)) === undefined) missing.add(name);
  }
  return [...missing];
}

/** What to put before a command that root must run; undefined where there is no apt-get, or nobody lets us. */
async function waysToRoot(): Promise<readonly string[] | undefined> {
  if ((await programPath('apt-get')) === undefined) return undefined;
  if (process.getuid?.() === 0) return [];
  try {
    await run('sudo', ['-n', 'true']);
    return ['sudo', '-n'];
  } catch {
    return undefined;
  }
}

async function mayRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastWords(error: unknown): string {
  const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return words.trim().split('\n').slice(-3).join(' ');
}
