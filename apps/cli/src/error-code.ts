/** The `code` of an error of Node itself: `ENOENT`, `ERR_SQLITE_ERROR`; `undefined` for other errors. */
export function errorCode(error: unknown): string | undefined {
  // Not by prototype: errors of Node come from another realm where tests run in one of their own.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The code of what the system refused: `EACCES`, `EIO`; Node's own have longer names. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = errorCode(error);
  return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
