// Finds or installs Node 24. Runs on any Node >= 18 and uses nothing but Node itself.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** 24.7 brought Argon2. */
const WANTED = [24, 7];
const WANTED_TEXT = WANTED.join('.');
const PINNED = JSON.parse(readFileSync(new URL('./pinned-node.json', import.meta.url), 'utf8'));

/** Path of a Node >= 24.7: the running one when it is new enough, else the pinned one in `.runtime/`. */
export function ensureNode24() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return process.execPath;

  const platform = `${process.platform}-${process.arch}`;
  const pin = PINNED[platform];
  if (pin === undefined) {
    fail(
      `Rootcellar needs Node ${WANTED_TEXT}; this is ${process.version}, and no Node is pinned for ${platform}.`,
      `Install Node ${WANTED_TEXT} or newer and run the command again.`,
    );
  }
  const home = join(ROOT, '.runtime', `${pin.package}-${pin.version}`);
  const binary = nodeBinary(join(home, 'node_modules', pin.package));
  if (binary !== undefined) return binary;
  console.error(
    `Rootcellar needs Node ${WANTED_TEXT}; this is ${process.version}. Fetching Node ${pin.version} once …`,
  );
  install(pin, home);
  return nodeBinary(join(home, 'node_modules', pin.package));
}

/** Runs npm with the given arguments; the npm that started us when there is one. */
export function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  const [command, prefix, shell] = cli?.endsWith('.js')
    ? [process.execPath, [cli], false]
    : ['npm', [], process.platform === 'win32'];
  // Standard output belongs to the command the user asked for.
  const { status, error } = spawnSync(command, [...prefix, ...args], {
    cwd,
    shell,
    stdio: ['ignore', 2, 2],
  });
  return error === undefined && status === 0;
}

export function fail(message, hint) {
  console.error(`${message}\n${hint}`);
  process.exit(1);
}

/** Installs into a folder of its own and renames, so that an interrupted fetch leaves nothing half done. */
function install(pin, home) {
  mkdirSync(dirname(home), { recursive: true });
  const staging = mkdtempSync(`${home}-`);
  // mkdtemp keeps others out; the runtime is for whoever may run this checkout.
  chmodSync(staging, 0o755);
  const dependencies = { [pin.package]: pin.version };
  writeFileSync(join(staging, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(
    join(staging, 'package-lock.json'),
    JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { dependencies },
        [`node_modules/${pin.package}`]: { version: pin.version, integrity: pin.integrity },
      },
    }),
  );
  const ok = npm(
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    staging,
  );
  if (!ok || nodeBinary(join(staging, 'node_modules', pin.package)) === undefined) {
    rmSync(staging, { recursive: true, force: true });
    fail(
      `Could not fetch ${pin.package}@${pin.version} from the npm registry.`,
      `Check the connection, or install Node ${WANTED_TEXT} yourself, and run the command again.`,
    );
  }
  try {
    renameSync(staging, home);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    // Another command was quicker: its copy is as good as ours.
    if (!existsSync(home)) throw error;
  }
}

function nodeBinary(folder) {
  return ['bin/node', 'bin/node.exe', 'node', 'node.exe']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
}
