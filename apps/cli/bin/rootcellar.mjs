#!/usr/bin/env node
// Runs the command with Node 24: this one when it is new enough, else the one `npm start` fetched.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureNode24, fail } from '../../../libs/runtime/node24.mjs';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main))
  fail('Rootcellar is not built yet.', 'Run `npm start` or `npm run build` in this folder once.');

const node = ensureNode24();
if (node === process.execPath) {
  await import(main.href);
} else {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group: the child has it already.
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : 15);
  });
}
