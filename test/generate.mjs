// Writes every generated file of the repository; with --check it only says whether one is out of date.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const stale = [];

if (!check) {
  // What the OpenAPI document is made from must be compiled before the document is.
  openApiMetadata(join(ROOT, 'apps/api/src/generated'));
  compile('apps/api');
} else {
  inScratch((folder) => {
    openApiMetadata(folder);
    compare(
      'apps/api/src/generated/openapi-metadata.ts',
      readFileSync(join(folder, 'openapi-metadata.ts'), 'utf8'),
    );
  });
}
await openApiDocument();
clientTypes();
if (!check) compile('apps/cli');
await errorTable();
await environmentExample();
execFileSync(
  process.execPath,
  [join(ROOT, 'libs/chunking/build-wasm.mjs'), ...(check ? ['--check'] : [])],
  { cwd: ROOT, stdio: 'inherit' },
);

if (stale.length > 0) {
  console.error(
    `Out of date: ${stale.join(', ')}. Run \`npm run generate\` and commit what it writes.`,
  );
  process.exit(1);
}

function compile(room) {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-b', room], { cwd: ROOT, stdio: 'inherit' });
}

/** Types and comments of controllers and DTOs, which emitted JavaScript does not have. */
function openApiMetadata(outputDir) {
  const script = `
    import { PluginMetadataGenerator } from ${JSON.stringify(pathToFileURL(join(ROOT, 'node_modules/@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js')).href)};
    import { ReadonlyVisitor } from '@nestjs/swagger/plugin';
    new PluginMetadataGenerator().generate({
      visitors: [new ReadonlyVisitor({ introspectComments: true, classValidatorShim: true, esmCompatible: true,
        pathToSource: ${JSON.stringify(join(ROOT, 'apps/api/src/generated'))} })],
      outputDir: ${JSON.stringify(outputDir)},
      filename: 'openapi-metadata.ts',
      tsconfigPath: 'apps/api/tsconfig.json',
      printDiagnostics: false,
    });`;
  mkdirSync(outputDir, { recursive: true });
  execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function openApiDocument() {
  const { apiDocument } = await import(
    pathToFileURL(join(ROOT, 'apps/api/dist/api-document.js')).href
  );
  put('docs/api/openapi.json', `${JSON.stringify(await apiDocument(), null, 2)}\n`);
}

function clientTypes() {
  const source = join(ROOT, 'docs/api/openapi.json');
  inScratch((folder) => {
    const output = join(folder, 'api.ts');
    execFileSync(
      process.execPath,
      [join(ROOT, 'node_modules/openapi-typescript/bin/cli.js'), source, '-o', output],
      { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    put('libs/client/src/generated/api.ts', readFileSync(output, 'utf8'));
  });
}

async function errorTable() {
  const { ERRORS } = await import(pathToFileURL(join(ROOT, 'libs/model/dist/index.js')).href);
  const { STATUS_BY_KIND } = await import(
    pathToFileURL(join(ROOT, 'apps/api/dist/http/problem.js')).href
  );
  const { exitCodeOf } = await import(pathToFileURL(join(ROOT, 'apps/cli/dist/exit-code.js')).href);
  const { ArchiveError } = await import(pathToFileURL(join(ROOT, 'libs/model/dist/index.js')).href);
  const rows = Object.entries(ERRORS).map(
    ([code, [kind, meaning]]) =>
      `| \`${code}\` | ${kind} | ${STATUS_BY_KIND[kind]} | ${exitCodeOf(new ArchiveError(code, ''))} | ${meaning.replaceAll('|', '\\|')} |`,
  );
  put(
    'docs/errors.md',
    [
      '# Errors',
      '',
      'Generated from `libs/model/src/errors.ts`. Codes are stable: none is renamed or used again. The HTTP status follows from the kind, and so does',
      'the exit code of `rootcellar`. Damage of what is stored answers 500 instead of 422.',
      '',
      '| code | kind | HTTP | exit | what it means |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  );
}

/** Every setting of the environment with its comment and default, from the DTO's own source. */
async function environmentExample() {
  const source = ['env', 'sign-in-env', 'process-env', 'servers-env']
    .map((name) => readFileSync(join(ROOT, `libs/platform/src/config/${name}.dto.ts`), 'utf8'))
    .join('\n');
  const settings = [
    ...source.matchAll(
      /\/\*\* (.+?) \*\/\n(?: {2}@.*\n)+ {2}readonly (ROOTCELLAR_\w+)\??: \w+(?: = (.+?))?;/g,
    ),
  ];
  const lines = settings.map(
    ([, comment, name, value]) =>
      `# ${comment}\n#${name}=${(value ?? '').replaceAll("'", '').replaceAll('_', '')}`,
  );
  put(
    '.env.example',
    `# Settings of the service. Copy to .env and take away the # of what you change.\n\n${lines.join('\n\n')}\n`,
  );
}

function put(path, text) {
  if (check) return compare(path, text);
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

function compare(path, text) {
  let there = '';
  try {
    there = readFileSync(join(ROOT, path), 'utf8');
  } catch {
    // Missing is out of date.
  }
  if (there !== text) stale.push(relative(ROOT, join(ROOT, path)));
}

function inScratch(work) {
  const folder = mkdtempSync(join(tmpdir(), 'rootcellar-generate-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
