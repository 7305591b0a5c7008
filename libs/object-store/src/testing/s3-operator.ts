import { textOf } from '../s3/s3-answer.js';
import { bodyOfText } from '../s3/s3-body.js';
import { s3Bucket } from '../s3/s3-bucket.js';
import type { S3Bucket } from '../s3/s3-bucket.js';
import { openS3Connection } from '../s3/s3-connection.js';
import type { S3Request } from '../s3/s3-connection.js';
import { nodeS3Environment } from '../s3/s3-environment.js';
import { completeS3Settings } from '../s3/s3-settings.js';
import type { S3Settings } from '../s3/s3-settings.js';

/** What an operator does with a bucket, for tests: the adapter itself makes none and changes none. */
export interface S3Operator {
  /** A bucket as the settings name it. `lock`: objects in it can be locked, which turns versions on. */
  makeBucket(options?: { readonly lock?: boolean }): Promise<void>;
  setVersioning(status: 'Enabled' | 'Suspended'): Promise<void>;
  /** What others may do with it, as S3's JSON. */
  setPolicy(json: string): Promise<void>;
  /** Days that every new object is locked for, by default. */
  lockNewObjects(days: number): Promise<void>;
  /** @param name the object's whole name in the bucket */
  holdObject(name: string, status: 'ON' | 'OFF'): Promise<void>;
  /** Every version and deletion mark there is, as the server lists them. */
  countVersions(): Promise<number>;
  /** Begins an upload in parts, and leaves it. */
  beginUpload(name: string): Promise<void>;
  countUploads(): Promise<number>;
  readonly close: () => void;
}

export function s3Operator(settings: S3Settings): S3Operator {
  const complete = completeS3Settings(settings);
  const connection = openS3Connection(complete, nodeS3Environment);
  const bucket = s3Bucket(complete, connection);
  const ask = async (request: S3Request): Promise<string> => asked(bucket, request);
  const count = async (query: S3Request['query'], elements: RegExp): Promise<number> =>
    [...(await ask({ method: 'GET', ...(query !== undefined && { query }) })).matchAll(elements)]
      .length;

  return {
    makeBucket: async ({ lock = false } = {}) => {
      const headers = lock ? { 'x-amz-bucket-object-lock-enabled': 'true' } : {};
      await ask({ method: 'PUT', headers });
    },
    setVersioning: async (status) => {
      const xml = `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;
      await ask({ method: 'PUT', query: { versioning: '' }, body: bodyOfText(xml) });
    },
    setPolicy: async (json) => {
      await ask({ method: 'PUT', query: { policy: '' }, body: bodyOfText(json) });
    },
    lockNewObjects: async (days) => {
      const rule = `<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>${days}</Days></DefaultRetention></Rule>`;
      const xml = `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule}</ObjectLockConfiguration>`;
      await ask({ method: 'PUT', query: { 'object-lock': '' }, body: bodyOfText(xml) });
    },
    holdObject: async (name, status) => {
      const xml = `<LegalHold><Status>${status}</Status></LegalHold>`;
      await ask({ method: 'PUT', name, query: { 'legal-hold': '' }, body: bodyOfText(xml) });
    },
    countVersions: async () => count({ versions: '' }, /<(Version|DeleteMarker)>/g),
    beginUpload: async (name) => {
      await ask({ method: 'POST', name, query: { uploads: '' } });
    },
    countUploads: async () => count({ uploads: '' }, /<Upload>/g),
    close: connection.close,
  };
}

async function asked(bucket: S3Bucket, request: S3Request): Promise<string> {
  return textOf(await bucket.ask(request, 200, 201, 204));
}
