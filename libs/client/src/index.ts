export { ApiError, isProblem } from './api-error.js';
export type { Problem } from './api-error.js';
export { createApiClient } from './api-client.js';
export { newTraceId } from './trace-context.js';
export type { ApiClient, Schemas } from './api-client.js';
