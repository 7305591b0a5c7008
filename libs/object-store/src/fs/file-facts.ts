import type { ObjectFacts } from '../object-store.js';
import type { FileCalls } from './file-calls.js';
import { isMissing } from './fs-errors.js';

/** Undefined when there is no such file, or something else of that name. */
export async function factsOf(files: FileCalls, path: string): Promise<ObjectFacts | undefined> {
  try {
    const facts = await files.lstat(path);
    return facts.isFile() ? { size: facts.size, modifiedAt: facts.mtime } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
