export { migrate, openDatabase } from './data-source.js';
export type { Database, DatabaseSettings } from './data-source.js';
export { PgMaintenanceCatalog } from './maintenance/pg-maintenance-catalog.js';
export { PgPeopleCatalog } from './people/pg-people-catalog.js';
export { PgReadingCatalog } from './roots/pg-reading-catalog.js';
export { PgRootCatalog } from './roots/pg-root-catalog.js';
export { PgUploadCatalog } from './uploads/pg-upload-catalog.js';
export { PgChunkIndex } from './vault/pg-chunk-index.js';
