/** The super user and the database of the embedded PostgreSQL. */
export const USER = 'rootcellar';
export const DATABASE = 'rootcellar';
export const HOST = '127.0.0.1';

/** A setting of ours by which a running server is told from any other program; PostgreSQL allows names with a dot. */
export const MARK = 'rootcellar.cluster';

// In the data folder: /dev/shm is 64 MB in a container, and systemd empties it when a user logs out (RemoveIPC).
const SHARED_MEMORY = {
  dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
};

const ALWAYS = {
  ...SHARED_MEMORY,
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '60',
  password_encryption: 'scram-sha-256',
  // A home server with little memory. The rest of PostgreSQL's defaults suits it.
  shared_buffers: '128MB',
  min_wal_size: '80MB',
  max_wal_size: '512MB',
  // Nobody replicates from it.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  lc_messages: 'C',
  // The log goes through us. Neither statements nor their values: those may be names and addresses of people.
  logging_collector: 'off',
  log_destination: 'stderr',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
};

/** For tests: a power cut may break it. Not so kill -9: what was committed is with the kernel, as ever. */
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off' };

/** The command line of the server: it alone says how PostgreSQL runs, whatever `postgresql.conf` was made with. */
export function serverSettings(port: number, mark: string, durable: boolean): string[] {
  const settings = { ...ALWAYS, port: String(port), [MARK]: mark, ...(durable ? {} : NOT_DURABLE) };
  return toArguments(settings);
}

/** The same for single-user mode, which opens no port and does one thing. */
export function singleUserSettings(durable: boolean): string[] {
  const { log_min_error_statement, lc_messages } = ALWAYS;
  const quiet = { ...SHARED_MEMORY, log_min_error_statement, lc_messages };
  return toArguments({ ...quiet, ...(durable ? {} : NOT_DURABLE) });
}

function toArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
