import * as files from 'node:fs/promises';

/** The calls of `node:fs/promises` the store makes, handed in so that a test can let any of them fail. */
export type FileCalls = Pick<
  typeof files,
  'lstat' | 'mkdir' | 'open' | 'readdir' | 'rename' | 'rm' | 'unlink'
>;

export const nodeFileCalls: FileCalls = files;
