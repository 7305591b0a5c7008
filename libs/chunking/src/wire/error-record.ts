import { ArchiveError, ERRORS, isArchiveError, readableText } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { RECORD } from './entry.js';
import { protocolBroken } from './protocol-broken.js';

const MESSAGE_MAX_CHARACTERS = 2000;
const FALLBACK = 'The service could not go on and did not say why.';

/** Record 8: why the sender cannot go on. What is no ArchiveError is a fault nobody outside may read: INTERNAL. */
export function encodeErrorRecord(error: unknown): Buffer {
  const { code, message } = isArchiveError(error)
    ? error
    : { code: 'INTERNAL', message: 'The service failed while it sent the files.' };
  const json = Buffer.from(
    JSON.stringify({ code, message: readableText(message, MESSAGE_MAX_CHARACTERS, FALLBACK) }),
  );
  const head = Buffer.from([RECORD.error, 0, 0]);
  head.writeUInt16LE(json.length, 1);
  return Buffer.concat([head, json]);
}

/** The error an error record tells of; an unknown code becomes INTERNAL. @throws ArchiveError PROTOCOL_BROKEN */
export function readErrorRecord(json: Buffer): ArchiveError {
  const told = parse(json);
  if (!isTold(told)) throw protocolBroken('an error record is not of its form');
  const message = readableText(told.message, MESSAGE_MAX_CHARACTERS, FALLBACK);
  return new ArchiveError(isErrorCode(told.code) ? told.code : 'INTERNAL', message);
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch (cause) {
    if (cause instanceof SyntaxError) throw protocolBroken('an error record is no JSON', { cause });
    throw cause;
  }
}

function isTold(value: unknown): value is { readonly code: string; readonly message: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
