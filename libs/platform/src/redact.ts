/** Names of what may never be written, wherever in a line it stands. */
const SECRET_NAMES = [
  'password',
  'passwordHash',
  'token',
  'setupToken',
  'secret',
  'secretKey',
  'accessKey',
  'masterKey',
  'authorization',
  'cookie',
  'email',
  'challenge',
  'passkeyChallenge',
  'recoveryCode',
  'recoveryCodes',
  'totp',
  'code_verifier',
  'verifier',
  'clientSecret',
  'client_secret',
];

export const CENSOR = '…';

/** For pino: names at the top and two steps below it. */
export const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * By type, at the top of a line: bytes are keys or contents, errors carry what they were given (a failed query its parameters).
 * @returns the line without them
 */
export function withoutSecretTypes(line: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `[${String(value.byteLength)} bytes]`;
  if (value instanceof Error) return { name: value.name };
  return value;
}

/** Sign-ins of ours, bearer tokens of whatever form, and passwords in addresses: what a message of somebody else's may quote. */
const SECRET_FORMS =
  /\brc_[\w-]{20,}|(?<=\bbearer )[\w.~+/=-]{8,}|(?<=\/\/[^\s/:@"]{0,100}:)[^\s/@"]{1,200}(?=@)/gi;

/** A whole line as it is about to be written. */
export function withoutSecretForms(line: string): string {
  return line.replace(SECRET_FORMS, CENSOR);
}
