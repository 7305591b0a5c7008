export interface S3FailureFacts {
  /** HTTP's. */
  readonly status: number;
  /** S3's word for it, `NoSuchKey`; `''` when the answer had none. */
  readonly code: string;
  readonly requestId?: string;
}

/**
 * An answer that says no. Without the server's own message: it may quote access key, signature and request. Never leaves this folder,
 * see `asStoreError`.
 */
export class S3Failure extends Error {
  override readonly name = 'S3Failure';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;

  constructor({ status, code, requestId }: S3FailureFacts) {
    const known = /^[A-Za-z0-9.]{1,64}$/.test(code) ? code : '';
    super(`S3 answered ${status} ${known}`.trim());
    this.status = status;
    this.code = known;
    this.requestId = /^[A-Za-z0-9._:/+=-]{1,128}$/.test(requestId ?? '') ? requestId : undefined;
  }
}

/** True for an answer of this status or with this word. */
export function isS3Failure(
  error: unknown,
  ...what: readonly (number | string)[]
): error is S3Failure {
  if (!(error instanceof S3Failure)) return false;
  return what.length === 0 || what.includes(error.status) || what.includes(error.code);
}
