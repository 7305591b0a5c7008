import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { readPrivateFile, writePrivateFile } from '../private-file.js';

/** The file that proves that whoever makes the first administrator may read the data folder. */
export interface SetupToken {
  /** Undefined when there is none, or the file does not hold one. */
  read(): Promise<string | undefined>;
  /** A new one (32 random bytes, base64url); an older one is void. */
  create(): Promise<string>;
  remove(): Promise<void>;
}

const FORM = /^([A-Za-z0-9_-]{43})\r?\n?$/;

/** The set-up token kept at `path` (0600). */
export function setupTokenFile(path: string): SetupToken {
  return {
    read: async () => FORM.exec((await readPrivateFile(path)) ?? '')?.[1],
    create: async () => {
      const token = randomBytes(32).toString('base64url');
      await writePrivateFile(path, `${token}\n`);
      return token;
    },
    remove: () => rm(path, { force: true }),
  };
}
