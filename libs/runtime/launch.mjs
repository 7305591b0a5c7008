// What every command of the root package.json starts: Node 24, the dependencies, the build, then the task.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, ensureNode24, fail, npm } from './node24.mjs';

const TASKS = {
  start: { build: true, script: 'apps/standalone/dist/main.js' },
  test: { build: true, script: 'test/run-tests.mjs' },
  check: { build: true, script: 'test/run-checks.mjs' },
  generate: { build: true, script: 'test/generate.mjs' },
  bench: { build: true, script: 'test/dist/bench/main.js' },
  chaos: { build: true, script: 'test/dist/chaos/main.js' },
  rehearse: { build: true, script: 'test/dist/rehearsal/main.js' },
  fuzz: { build: true, script: 'test/dist/fuzz/main.js' },
  build: { build: true },
  format: { script: 'node_modules/prettier/bin/prettier.cjs', args: ['--write', '.'] },
};

const [name, ...rest] = process.argv.slice(2);
const task = TASKS[name];
if (task === undefined)
  fail(`Unknown task: ${String(name)}.`, `Tasks: ${Object.keys(TASKS).join(', ')}.`);

const node = ensureNode24();
installDependencies();
if (task.build) build();
if (task.script !== undefined) {
  run(node, [join(ROOT, task.script), ...(task.args ?? []), ...rest]);
}

/** `npm ci` when the lock file is not the one that was last installed. */
function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const stamp = join(ROOT, 'node_modules', '.rootcellar-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing dependencies (npm ci) …');
  if (!npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], ROOT)) {
    fail(
      'npm ci failed: see above.',
      'Nothing was started. Mend what it names and run the command again.',
    );
  }
  writeFileSync(stamp, lock);
}

function build() {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const fresh = existsSync(join(ROOT, 'apps', 'standalone', 'dist', 'main.js'));
  if (!fresh) console.error('Building …');
  const { status } = spawnSync(node, [compiler, '-b'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('The build failed: see above.', 'Nothing was started.');
  bundlePages();
}

/** Does nothing when nothing changed. */
function bundlePages() {
  const script = join(ROOT, 'apps', 'web', 'build.mjs');
  const { status } = spawnSync(node, [script], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('The pages could not be built: see above.', 'Nothing was started.');
}

/**
 * Runs the task as a child and is transparent to signals. npm can be killed without its child hearing of
 * it, and so can we: the child sees our end through the IPC channel, we see npm's by a changed parent.
 */
function run(command, args) {
  const child = spawn(command, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: process.env,
  });
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 1000);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group: the child has it already.
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    clearInterval(orphaned);
    process.exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : 15);
    if (child.connected) child.disconnect();
  });
}
