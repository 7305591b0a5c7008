import { createHash } from 'node:crypto';

/** A line as it is hashed: every field as PostgreSQL writes it as text; `at` in microseconds since 1970. */
export interface ChainedLine {
  readonly householdId: string;
  readonly seq: string;
  readonly id: string;
  readonly atMicros: string;
  readonly actorId: string | null;
  readonly concernsId: string | null;
  readonly rule: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly subject: string;
  readonly bytes: string | null;
  /** `true` or `false`. */
  readonly private: string;
  readonly fromAddress: string | null;
  readonly fromAgent: string | null;
  readonly signIn: string | null;
}

/** In the order they are hashed. */
export const CHAINED_FIELDS = [
  ...(['householdId', 'seq', 'id', 'atMicros', 'actorId', 'concernsId', 'rule'] as const),
  ...(['action', 'subjectKind', 'subjectId', 'subject', 'bytes', 'private'] as const),
  ...(['fromAddress', 'fromAgent', 'signIn'] as const),
];

/** What the first line of a household has before it. */
export const NO_LINE = Buffer.alloc(32);

/**
 * SHA-256 of the canonical line and the hash before it (docs/adr/0033). A field is the octets of its UTF-8, a colon, itself and a line feed,
 * or a dash and a line feed when it is not there. The database reckons the same when a line is written.
 */
export function lineHash(line: ChainedLine, before: Uint8Array): Buffer {
  const hash = createHash('sha256');
  for (const field of CHAINED_FIELDS) {
    const value = line[field];
    hash.update(value === null ? '-\n' : `${String(Buffer.byteLength(value))}:${value}\n`);
  }
  return hash.update(before).digest();
}
