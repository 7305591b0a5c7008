export { openDataFolder } from './data/data-folder.js';
export type { DataFolder, DataFolderOptions } from './data/data-folder.js';
export type { SetupToken } from './data/setup-token.js';
export { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './postgres/embedded-postgres.js';
export type { Connection } from './postgres/connection.js';
export type { StartLog } from './start-log.js';
export { startService } from './service.js';
export type { RunningService, ServiceOptions } from './service.js';
