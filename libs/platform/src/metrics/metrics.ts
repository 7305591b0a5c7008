import { Registry } from 'prom-client';
import { HttpMetrics } from './http-metrics.js';
import { JobMetrics } from './job-metrics.js';
import { ObjectStoreMetrics } from './object-store-metrics.js';
import { UploadMetrics } from './upload-metrics.js';

/** What one process counts. No label says who somebody is, and each has few values. */
export interface Metrics {
  readonly registry: Registry;
  readonly http: HttpMetrics;
  readonly uploads: UploadMetrics;
  readonly jobs: JobMetrics;
  readonly objects: ObjectStoreMetrics;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  return {
    registry,
    http: new HttpMetrics(registry),
    uploads: new UploadMetrics(registry),
    jobs: new JobMetrics(registry),
    objects: new ObjectStoreMetrics(registry),
  };
}
