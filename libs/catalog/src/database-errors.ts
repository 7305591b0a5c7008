import { ArchiveError } from '@rootcellar/model';
import { QueryFailedError } from 'typeorm';

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const GONE = /^(08...|57P0[1-5]|53300)$/;
/** Serialisation, deadlock, lock and statement timeouts: the transaction did nothing, and may succeed the next time. */
const BUSY = /^(40001|40P01|55P03|57014)$/;
const FULL = '53100';

const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
/** What `pg` says when a connection breaks has no code (pg/lib/client.js, pg-pool/index.js). */
const BROKEN = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout exceeded when trying to connect',
  // What TypeORM says when that happened between two of our statements (QueryRunnerProviderAlreadyReleasedError).
  'Database connection provided by a query runner was already released',
  // The same before COMMIT, which is then not sent (QueryRunnerAlreadyReleasedError).
  'Query runner already released',
];

/** The other end did not prove that it is the database (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const NOT_TRUSTED =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;
/** What `pg` says of a server that answers without TLS. */
const NO_TLS = 'The server does not support SSL connections';

/** A failed statement in our words where trying again may help; anything else is a fault and stays what it is. */
export function toArchiveError(error: unknown): unknown {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const { code, message } = factsOf(cause);
  if (code === FULL) {
    return new ArchiveError(
      'STORAGE_FULL',
      'The disk of the database has no room. What was acknowledged before stays readable.',
      { cause },
    );
  }
  if (BUSY.test(code)) {
    return new ArchiveError('SERVER_BUSY', 'The database was busy with something else.', { cause });
  }
  if (NOT_TRUSTED.test(code) || message.startsWith(NO_TLS)) {
    return new ArchiveError(
      'DATABASE_FAILED',
      'The connection to the database could not be secured; nothing was sent, not even the password.',
      {
        cause,
        hint: 'Give the certificate of the authority that signed the one of the server, and use the name that is in it.',
      },
    );
  }
  const broken = BROKEN.some((words) => message.startsWith(words));
  if (broken || GONE.test(code) || NETWORK_CODES.has(code)) {
    return new ArchiveError(
      'DATABASE_FAILED',
      'The database does not answer. What was acknowledged is kept; try again when it is back.',
      { cause },
    );
  }
  return error;
}

/** By its fields alone: in another realm (a Jest run) it is no instance of our Error. */
function factsOf(cause: unknown): { readonly code: string; readonly message: string } {
  const facts = (typeof cause === 'object' && cause !== null ? cause : {}) as Partial<
    Record<'code' | 'message', unknown>
  >;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { code: text(facts.code), message: text(facts.message) };
}
