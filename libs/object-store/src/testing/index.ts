export { verifyObjectStore } from './verify-object-store.js';
export type { OpenedStore } from './verify-object-store.js';
export { s3Operator } from './s3-buckets.js';
export type { S3Operator } from './s3-buckets.js';
