// `npm test [-- <paths or Jest options>]`: every spec of every room, from what `tsc -b` wrote. Ends with `N passed, N failed`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePrograms } from '../libs/testkit/dist/servers/debian-packages.js';
import { openServerDesk } from '../libs/testkit/dist/servers/server-desk.js';
import { SERVER_DESK_VARIABLE } from '../libs/testkit/dist/servers/shared-server.js';
import { TEST_PROGRAMS } from '../libs/testkit/dist/servers/test-programs.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'rootcellar-tests-'));
const report = join(folder, 'report.json');

// For the whole; who runs a part may need none of it. What cannot be installed is told again by the specs that fail for it.
if (process.argv.length === 2)
  await ensurePrograms(TEST_PROGRAMS).catch(({ message }) => console.error(message));

// Servers that specs share run here, and end with this process whatever becomes of Jest.
const desk = await openServerDesk();
const jest = spawn(
  process.execPath,
  [
    // Jest runs native ES modules only with this flag.
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...['--json', '--outputFile', report],
    // Many specs wait for servers and disks: two side by side even on a small machine.
    ...['--maxWorkers', String(Math.max(2, Math.floor(availableParallelism() / 2)))],
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, [SERVER_DESK_VARIABLE]: desk.url } },
);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the whole group: Jest has it already.
    if (!(signal === 'SIGINT' && process.stdin.isTTY)) jest.kill(signal);
  });
}
const [status] = await once(jest, 'close');
await desk.close();

const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
rmSync(folder, { recursive: true });
const passed = told?.numPassedTests ?? 0;
// A file that could not even be loaded has no tests to count.
const failed = (told?.numFailedTests ?? 0) + (told?.numRuntimeErrorTestSuites ?? 1);
// Only what another system or user can show may be skipped, and never silently.
for (const { assertionResults } of told?.testResults ?? []) {
  for (const { status: how, fullName } of assertionResults) {
    if (how === 'pending') console.error(`Not run on this system or as this user: ${fullName}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status === 0 ? 0 : 1;
