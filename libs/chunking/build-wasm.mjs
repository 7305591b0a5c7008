// Compiles assembly/fastcdc.ts into src/generated/fastcdc-wasm.ts. `--check` fails when the two do not belong together.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const SOURCE = new URL('assembly/fastcdc.ts', import.meta.url);
const TARGET = new URL('src/generated/fastcdc-wasm.ts', import.meta.url);
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--initialMemory', '1'];

const source = await readFile(SOURCE, 'utf8');
const generated = render(source, await compile(source));

if (process.argv.includes('--check')) {
  const present = await readFile(TARGET, 'utf8').catch(() => '');
  if (present !== generated) {
    console.error('libs/chunking/src/generated/fastcdc-wasm.ts does not belong to its source.');
    console.error('Run `node libs/chunking/build-wasm.mjs` and commit what it writes.');
    process.exitCode = 1;
  }
} else {
  await writeFile(TARGET, generated);
}

/** In memory, under a fixed name: nothing of the machine gets into the module. */
async function compile(text) {
  let binary;
  const { error, stderr } = await asc.main(
    ['fastcdc.ts', '--outFile', 'fastcdc.wasm', ...OPTIONS],
    {
      readFile: (name) => (name === 'fastcdc.ts' ? text : null),
      writeFile: (name, contents) => {
        if (name === 'fastcdc.wasm') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`asc failed: ${stderr.toString()}`);
  return binary;
}

function render(text, binary) {
  return `// Written by build-wasm.mjs from assembly/fastcdc.ts. Do not edit.

/** SHA-256 of the source. */
export const FASTCDC_SOURCE_SHA256 =
  '${createHash('sha256').update(text).digest('hex')}';

/** The WebAssembly module in base64: bundlers and worker threads need no file. */
export const FASTCDC_WASM =
  '${Buffer.from(binary).toString('base64')}';
`;
}
