import { ArchiveError, readableText } from '@rootcellar/model';

/** Where in the document a value stands: `snapshots.daily`, `devices["…"].snapshots`; `` is the whole document. */
export type JsonPath = string;

const NAME_MAX_CHARACTERS = 80;

/** @throws ArchiveError RETENTION_POLICY_INVALID, always: the message names the place and what is wrong there. */
export function refusePolicy(path: JsonPath, problem: string, hint?: string): never {
  throw new ArchiveError(
    'RETENTION_POLICY_INVALID',
    `The retention policy cannot be used: ${path === '' ? 'it' : path} ${problem}.`,
    { details: { path }, ...(hint === undefined ? {} : { hint }) },
  );
}

/** The path of a key that the code knows. */
export function at(path: JsonPath, key: string): JsonPath {
  return path === '' ? key : `${path}.${key}`;
}

/** The path of a key that came from outside: short and fit to show. */
export function atForeign(path: JsonPath, key: string): JsonPath {
  return `${path}["${shown(key)}"]`;
}

/** A name from outside, short and fit to show. */
export function shown(name: string): string {
  return readableText(name, NAME_MAX_CHARACTERS, '(blank)').replaceAll('"', "'");
}
