import { ArchiveError } from '@rootcellar/model';

/** A Redis or Valkey. Never logged, never part of a message: the address may carry the password. */
export interface RedisSettings {
  /** `redis://host:port/database`, or `rediss://…` for TLS; a user's name may be in it. */
  readonly url: string;
  readonly password?: string | undefined;
  /** Certificates in PEM form of the authority that signed the server's, when it is a private one. */
  readonly ca?: string | undefined;
  /** In front of every key, for services that share a Redis: letters, digits, `-` and `_`. */
  readonly prefix?: string | undefined;
}

const PREFIX = 'rootcellar';

type Address = Pick<URL, 'protocol' | 'hostname' | 'port' | 'username' | 'password' | 'pathname'>;

/** What ioredis connects with. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly ca?: string };
  readonly connectionName: string;
  readonly connectTimeout: number;
  readonly keepAlive: number;
  readonly retryStrategy: (attempt: number) => number;
}

/**
 * The address in parts, as ioredis wants it.
 * @throws ArchiveError CONFIG_INVALID
 */
export function redisOptions({ url, password, ca }: RedisSettings): RedisAddress {
  const { protocol, hostname, port, pathname, ...account } = parseAddress(url);
  const username = decoded(account.username);
  const secret = password ?? decoded(account.password);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 6379 : Number(port),
    db: Number(pathname.slice(1)),
    ...(username === '' ? {} : { username }),
    ...(secret === '' ? {} : { password: secret }),
    ...(protocol === 'rediss:' ? { tls: ca === undefined ? {} : { ca } } : {}),
    connectionName: 'rootcellar',
    connectTimeout: 10_000,
    keepAlive: 30_000,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  };
}

function parseAddress(url: string): Address {
  const address = URL.parse(url);
  if (
    address !== null &&
    /^rediss?:$/.test(address.protocol) &&
    address.hostname !== '' &&
    /^(\/\d{0,4})?$/.test(address.pathname)
  ) {
    const { protocol, hostname, port, username, password, pathname } = address;
    return { protocol, hostname, port, username, password, pathname };
  }
  throw malformed();
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed();
  }
}

function malformed(): ArchiveError {
  return new ArchiveError(
    'CONFIG_INVALID',
    'The address of Redis does not have the form redis://host:port/database or rediss://host:port/database. Nothing was started.',
    { hint: 'Give the password by its own setting; in the address it must be percent-encoded.' },
  );
}

/** @throws ArchiveError CONFIG_INVALID */
export function keyPrefix({ prefix = PREFIX }: RedisSettings): string {
  if (/^[\w-]{1,64}$/.test(prefix)) return prefix;
  throw new ArchiveError(
    'CONFIG_INVALID',
    'The prefix of the keys in Redis has 1 to 64 letters, digits, "-" or "_". Nothing was started.',
  );
}

/** Host and port, for messages. */
export function redisPlace(settings: RedisSettings): string {
  const { host, port } = redisOptions(settings);
  return `${host}:${port}`;
}

/** What a failed command says, without the command: its arguments may be a password. */
export function withoutCommand(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}
