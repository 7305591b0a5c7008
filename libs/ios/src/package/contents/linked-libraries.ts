import { loadCommandsOf, slicesOf } from '../mach-o-commands.js';

/** mach-o/loader.h: plainly, if it is there, passed on, upward, lazily. */
const LOAD_COMMANDS = new Set([0xc, 0x80000018, 0x8000001f, 0x80000023, 0x20]);
const LIBRARIES_MAX = 1000;

/** Paths of the libraries an executable is linked with, of its first slice whose commands lie in `head`. Sorted, each once. */
export function linkedLibrariesIn(head: Uint8Array): string[] {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  for (const { offset } of slicesOf(bytes)) {
    const found = loadCommandsOf(bytes, offset);
    if (found === undefined) continue;
    const paths = found.commands
      .filter(({ command, length }) => LOAD_COMMANDS.has(command) && length > 24)
      .map(({ at, length }) => pathIn(bytes.subarray(at, at + length)))
      .filter((path) => path !== undefined);
    return [...new Set(paths)].sort().slice(0, LIBRARIES_MAX);
  }
  return [];
}

/** `dylib_command`: at 8 where the path begins, counted from the command; it ends with a zero byte or the command. */
function pathIn(command: Buffer): string | undefined {
  const start = command.readUInt32LE(8);
  if (start < 24 || start >= command.length) return undefined;
  const end = command.indexOf(0, start);
  const path = command.subarray(start, end === -1 ? command.length : end).toString('latin1');
  return /^[\x20-\x7e]{1,500}$/.test(path) ? path : undefined;
}
