export { isObjectKey, objectKey } from './object-key.js';
export type { ObjectKey } from './object-key.js';
export type {
  ByteRange,
  DeletableObjectStore,
  ListedObject,
  ObjectFacts,
  ObjectStore,
} from './object-store.js';
export { createMemoryObjectStore } from './memory/memory-object-store.js';
export { openFsObjectStore } from './fs/open-fs-object-store.js';
export { OBSERVED_OPERATIONS, observedObjectStore } from './observed/observed-object-store.js';
export type {
  ObservedCall,
  ObservedOperation,
  Observer,
} from './observed/observed-object-store.js';
export { openS3ObjectStore } from './s3/open-s3-object-store.js';
export type { S3ObjectStore } from './s3/open-s3-object-store.js';
export { S3_DEFAULTS } from './s3/s3-settings.js';
export type {
  S3Credentials,
  S3Multipart,
  S3Retries,
  S3Settings,
  S3Timeouts,
} from './s3/s3-settings.js';
export { nodeS3Environment } from './s3/s3-environment.js';
export type { S3Environment } from './s3/s3-environment.js';
export { prefixedObjectStore } from './prefixed/prefixed-object-store.js';
export { retryingObjectStore } from './retrying/retrying-object-store.js';
export { createRetryBudget } from './retrying/retry-budget.js';
export type { RetryBudget, RetryBudgetOptions } from './retrying/retry-budget.js';
export type { RetryOptions } from './retrying/retrying-object-store.js';
export { faultyObjectStore } from './faulty/faulty-object-store.js';
export type { Fault, FaultPlan, StoreCall } from './faulty/faulty-object-store.js';
export { scriptedFaults, seededFaults } from './faulty/fault-plans.js';
export type { ScriptedFault, SeededFaultOptions } from './faulty/fault-plans.js';
