/** The `code` of an error of Node itself: `ENOENT`, `ERR_SQLITE_ERROR`, `Z_DATA_ERROR`; `undefined` for other errors. */
export function errorCode(error: unknown): string | undefined {
  // Not by prototype: errors of Node come from another realm where tests run in one of their own.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
