export { BulkTransport } from './bulk-transport.js';
export type { BulkRequest, BulkResponse } from './bulk-transport.js';
