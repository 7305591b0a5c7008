// `npm test [-- <paths or Jest options>]`: every spec of every room, from what `tsc -b` wrote. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'rootcellar-tests-'));
const report = join(folder, 'report.json');

const { status } = spawnSync(
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
  { cwd: ROOT, stdio: 'inherit' },
);

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
