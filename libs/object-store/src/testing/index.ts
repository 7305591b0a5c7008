export { verifyObjectStore } from './verify-object-store.js';
export type { OpenedStore } from './verify-object-store.js';
