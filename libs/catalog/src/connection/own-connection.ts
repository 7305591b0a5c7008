import type { ClientConfig } from 'pg';
import { poolOptions } from './database-settings.js';
import type { DatabaseSettings } from './database-settings.js';

/** What a connection outside of the pool connects with: it waits, or holds something, for long. */
export function ownConnection(
  settings: Omit<DatabaseSettings, 'poolSize'>,
  applicationName: string,
): ClientConfig {
  const { host, port, user, password, database } = settings;
  return {
    ...{ host, port, user, password, database },
    ...poolOptions({ ...settings, poolSize: 1 }),
    application_name: applicationName,
  };
}
