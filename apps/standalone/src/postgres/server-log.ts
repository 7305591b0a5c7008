import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { errorCode } from '@rootcellar/platform';
import type { StartLog } from '../start-log.js';

/** What PostgreSQL says, in a file that stays small: `<path>`, and `<path>.1` with what was before. */
export interface ServerLog {
  write(text: string): void;
  /** What was written since it was last asked, the last 16 KiB of it. */
  takeRecent(): string;
  close(): void;
}

const MAX_BYTES = 4 * 1024 * 1024;
const RECENT_CHARACTERS = 16 * 1024;

/** Opens the log (0600), to add to it. When the disk refuses later on, what PostgreSQL says is lost, nothing else. */
export function openServerLog(path: string, log: StartLog, maxBytes = MAX_BYTES): ServerLog {
  let file: number | undefined = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  let recent = '';
  let warned = false;

  const append = (text: string): void => {
    if (file === undefined) return;
    if (size + text.length > maxBytes && size > 0) {
      closeSync(file);
      file = undefined;
      renameSync(path, `${path}.1`);
      file = openSync(path, 'a', 0o600);
      size = 0;
    }
    size += writeSync(file, text);
  };

  return {
    write: (text) => {
      recent = (recent + text).slice(-RECENT_CHARACTERS);
      try {
        append(text);
      } catch (error) {
        const code = errorCode(error);
        if (code === undefined) throw error;
        if (!warned) log.warn(`The log of PostgreSQL cannot be written (${code}).`);
        warned = true;
      }
    },
    takeRecent: () => {
      const taken = recent;
      recent = '';
      return taken;
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
