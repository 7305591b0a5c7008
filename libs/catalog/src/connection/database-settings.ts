/** How to reach the catalog's PostgreSQL, and how much of it one process takes. */
export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Connections of this process at most; docs/scaling.md says how those of all processes add up. */
  readonly poolSize: number;
  /** After this long PostgreSQL gives a statement up: SERVER_BUSY. 0 never; migrations never are. 120 s without it. */
  readonly statementTimeoutMs?: number;
  /** How long a new connection, and the wait for a free one, may take before it is DATABASE_FAILED. 0 for ever. 30 s without it. */
  readonly connectTimeoutMs?: number;
  /** Encrypts the connection and checks the server's certificate and name; never falls back to plain. Without it, plain. */
  readonly tls?: TlsSettings;
}

export interface TlsSettings {
  /** Certificates (PEM) that are trusted instead of those Node.js comes with: of a private authority, or the server's own. */
  readonly ca?: string;
}

const STATEMENT_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 30_000;
/** A transaction of ours never waits for anything but the database: one that stays open so long was left by a process that hangs. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/** What `pg` calls them. */
export function poolOptions(settings: DatabaseSettings): object {
  const { statementTimeoutMs, connectTimeoutMs, tls } = settings;
  return {
    statement_timeout: statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    connectionTimeoutMillis: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...(tls === undefined ? {} : { ssl: { ...tls, rejectUnauthorized: true } }),
  };
}
