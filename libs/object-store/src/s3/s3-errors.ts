import { ArchiveError } from '@rootcellar/model';
import type { ErrorDetails } from '@rootcellar/model';
import type { ObjectKey } from '../object-key.js';
import { objectNotFound } from '../store-errors.js';
import { S3Failure } from './s3-failure.js';

/** No room, in the words of Ceph, Garage and MinIO. */
const FULL: ReadonlySet<string> = new Set([
  ...['QuotaExceeded', 'InsufficientStorage', 'StorageFull', 'XMinioStorageFull'],
  'XMinioAdminBucketQuotaExceeded',
]);

/** Answers below 500 that another try may change. */
const PASSING: ReadonlySet<string> = new Set([
  // Also with status 200, when S3 had begun to answer.
  ...['InternalError', 'ServiceUnavailable'],
  ...['SlowDown', 'RequestTimeout', 'OperationAborted', 'ConditionalRequestConflict'],
  ...['BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody', 'NoSuchUpload'],
  ...['AnswerTooLong', 'AnswerNotUnderstood', 'Throttling', 'TooManyRequests'],
]);
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** What an operator can do about a refusal. */
const HINTS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Make the bucket, or mend its name or the endpoint.',
  InvalidAccessKeyId: 'Mend the access key: the store does not know it.',
  SignatureDoesNotMatch: 'Mend the secret key, or the endpoint if a proxy changes requests.',
  ExpiredToken: 'The session token has ended: give the service new credentials.',
  InvalidToken: 'Mend the session token.',
  AccessDenied: 'Give the access key the rights that docs/operator.md lists.',
  RequestTimeTooSkewed: 'Set the clock of this computer, or of the store.',
  AuthorizationHeaderMalformed: 'Mend the region.',
  IllegalLocationConstraintException: 'Mend the region.',
  PermanentRedirect: 'The bucket is elsewhere: mend endpoint and region.',
  TemporaryRedirect: 'The bucket is elsewhere: mend endpoint and region.',
  InvalidRequest: 'Another kind of checksum or addressing may be needed, see docs/operator.md.',
};

const UNTRUSTED: ReadonlySet<string> = new Set([
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'CERT_UNTRUSTED'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_NOT_YET_VALID', 'INVALID_CA'],
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What the port calls an answer of S3's or an error of the network. Everything else (an abort's reason, a bug) stays what it is. */
export function asStoreError(error: unknown, key?: ObjectKey): unknown {
  const about = key === undefined ? {} : { key };
  if (error instanceof S3Failure) return asAnswerError(error, about, key);
  const code = networkCode(error);
  if (code === undefined) return error;
  if (!UNTRUSTED.has(code)) return unavailable(code, { ...about, errno: code }, error);
  return refused(
    `its certificate is not trusted: ${code}`,
    { ...about, errno: code },
    {
      hint: 'Give the service the certificate of the authority that the store uses, or mend the endpoint’s name.',
      cause: error,
    },
  );
}

function asAnswerError(
  failure: S3Failure,
  about: ErrorDetails,
  key: ObjectKey | undefined,
): ArchiveError {
  const { status, code, requestId } = failure;
  const said = code === '' ? `HTTP ${status}` : code;
  const details = { ...about, answer: said, status, ...(requestId !== undefined && { requestId }) };
  if (key !== undefined && code === 'NoSuchKey') return objectNotFound(key, failure);
  if (FULL.has(code) || status === 507) return full(said, details, failure);
  const passing = PASSING.has(code) || PASSING_STATUS.has(status);
  if (passing || (status >= 500 && status !== 501)) return unavailable(said, details, failure);
  const hint = HINTS[code] ?? 'Look at endpoint, bucket, region and rights of the object store.';
  return refused(said, details, { hint, cause: failure });
}

function full(said: string, details: ErrorDetails, cause: unknown): ArchiveError {
  return new ArchiveError(
    'STORAGE_FULL',
    `The object store has no room left (${said}). Nothing was written; what was stored before stays readable.`,
    { hint: 'Make room in the bucket or raise its quota, then try again.', details, cause },
  );
}

function unavailable(said: string, details: ErrorDetails, cause: unknown): ArchiveError {
  return new ArchiveError(
    'OBJECT_STORE_UNAVAILABLE',
    `The object store failed (${said}). What was stored before is not touched.`,
    { hint: 'See whether the store runs and can be reached; then try again.', details, cause },
  );
}

function refused(
  said: string,
  details: ErrorDetails,
  options: { readonly hint: string; readonly cause: unknown },
): ArchiveError {
  return new ArchiveError(
    'OBJECT_STORE_REFUSED',
    `The object store refuses to work with this service (${said}). What was stored before is not touched.`,
    { ...options, details },
  );
}

/** `ECONNREFUSED`, `HPE_INVALID_CONSTANT`, `CERT_HAS_EXPIRED`; undefined for what is no error of a connection. */
function networkCode(error: unknown): string | undefined {
  // By shape: in another realm (a Jest run, a `vm` context) it is no instance of our Error.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  if (typeof code !== 'string' || ('name' in error && error.name === 'ArchiveError')) {
    return undefined;
  }
  const ofConnection =
    'syscall' in error ||
    UNTRUSTED.has(code) ||
    /^(ECONN|EPIPE|EPROTO|HPE_|ERR_SSL|ERR_TLS|ERR_STREAM_(PREMATURE_CLOSE|DESTROYED))/.test(code);
  return ofConnection ? code : undefined;
}
