import { readFile, stat } from 'node:fs/promises';
import { fail, ok, warn } from './finding.js';
import type { Finding } from './finding.js';

const OTHERS_MAY = 0o077;

/** What the running service was started with. */
export interface KeyFacts {
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
  /** Where it came from; undefined when it came another way. */
  readonly file: string | undefined;
  /** Opens the household's vault with it. @throws ArchiveError MASTER_KEY_WRONG */
  readonly openVault: () => Promise<unknown>;
}

/** That the key opens the vault, that it will be there at the next start, and that it is worth a copy. Says nothing of the key. */
export async function checkMasterKey(facts: KeyFacts): Promise<Finding[]> {
  return [
    await checkOpens(facts),
    ...(facts.file === undefined ? [] : [await checkFile(facts, facts.file)]),
  ];
}

async function checkOpens({ openVault }: KeyFacts): Promise<Finding> {
  const id = 'master-key';
  try {
    await openVault();
    return ok(
      id,
      'The master key opens the household. Without it nothing can be read: keep a copy elsewhere.',
    );
  } catch {
    return fail(id, {
      what: 'The master key does not open the household.',
      meaning: 'Nothing of it can be read or stored; what is stored is not touched.',
      remedy: 'Start the service with the master key this archive was made with.',
    });
  }
}

async function checkFile({ masterKey }: KeyFacts, file: string): Promise<Finding> {
  const id = 'master-key-file';
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text?.trim().toLowerCase() !== Buffer.from(masterKey).toString('hex'))
    return fail(id, {
      what: `The file with the master key ${text === undefined ? 'cannot be read' : 'has changed'}.`,
      meaning:
        'The service runs on, but will not start again; without the key nothing can be read.',
      remedy: 'Put your copy of the master key back before the service stops.',
    });
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & OTHERS_MAY) !== 0)
    return warn(id, {
      what: 'Other users of the machine may read the file with the master key.',
      meaning: 'Whoever has it and the objects can read everything.',
      remedy: 'chmod 600 it.',
    });
  return ok(id, 'The file with the master key is there, and private.');
}
