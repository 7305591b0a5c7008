// Bundles the pages for browsers into dist/site, unless nothing changed since. `tsc -b` has checked the types before.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOM = fileURLToPath(new URL('.', import.meta.url));
const SITE = join(ROOM, 'dist', 'site');
const STAMP = join(ROOM, 'dist', 'site-made-from');
/** All that what is made depends on. */
const SOURCES = ['src', 'index.html', 'vite.config.mjs', 'build.mjs', '../../package-lock.json'];
const CLIENT = '../../libs/client/dist';

const state = stateOfSources();
if (!existsSync(join(SITE, 'index.html')) || readStamp() !== state) await bundle();

async function bundle() {
  const { build } = await import('vite');
  // Made beside, then put in place: whoever serves or stops in between has whole files.
  const making = `${SITE}.${process.pid}`;
  try {
    await build({
      configFile: join(ROOM, 'vite.config.mjs'),
      logLevel: 'warn',
      build: { outDir: making, emptyOutDir: true },
    });
    compress(making);
    rmSync(STAMP, { force: true });
    rmSync(SITE, { recursive: true, force: true });
    renameSync(making, SITE);
    writeFileSync(STAMP, state);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** Once here instead of for each request; the document itself differs with each answer. */
function compress(folder) {
  for (const path of filesIn(join(folder, 'assets'))) {
    const bytes = readFileSync(path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

function stateOfSources() {
  const hash = createHash('sha256');
  const scripts = filesIn(join(ROOM, CLIENT)).filter((path) => path.endsWith('.js'));
  for (const path of [...SOURCES.flatMap((source) => filesIn(join(ROOM, source))), ...scripts]) {
    hash.update(`${path}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** A file itself, or every file in a folder, in a steady order. */
function filesIn(path) {
  let entries;
  try {
    entries = readdirSync(path, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readStamp() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}
