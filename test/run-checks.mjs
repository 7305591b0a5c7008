// `npm run check`: what must hold before each commit. Types were checked by the build before this runs.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (...path) => join(ROOT, 'node_modules', ...path);

const CHECKS = [
  ['format', bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ['lint', bin('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.'],
  [
    ...['layers', bin('dependency-cruiser', 'bin', 'dependency-cruiser.mjs')],
    ...['--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'migrations', 'test'],
  ],
  [
    ...['compose files', bin('dclint', 'bin', 'dclint.cjs'), '--max-warnings', '0'],
    ...['docker-compose.yml', 'compose.dev.yml'],
  ],
  ['Dockerfile', bin('dockerfile-utils', 'bin', 'dockerfile-utils'), 'lint', 'Dockerfile'],
  ['known weaknesses', join(ROOT, 'test', 'dist', 'checks', 'audit-dependencies.js')],
  ['generated files', join(ROOT, 'test', 'generate.mjs'), '--check'],
];

const broken = [];
for (const [name, script, ...args] of CHECKS) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const fine = status === 0;
  console.log(`${fine ? '✓' : '✗'} ${name}`);
  if (fine) {
    // What could not be looked at must not seem to be in order.
    for (const line of stdout.split('\n')) if (line.startsWith('note:')) console.log(`  ${line}`);
    continue;
  }
  broken.push(name);
  console.log(`${stdout}${stderr}`.trimEnd());
}
if (broken.length > 0) {
  console.log(
    `\nTo mend: ${broken.join(', ')}. \`npm run format\` and \`npm run generate\` do part of it.`,
  );
  process.exitCode = 1;
}
