import { ArchiveError } from '@rootcellar/model';
import { isObjectKey } from '../object-key.js';
import type { RetryOptions } from '../retrying/retrying-object-store.js';

/** Who we are to the store. Never in messages, details or logs. */
export interface S3Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of credentials that end after a while. */
  readonly sessionToken?: string;
}

/** Milliseconds. */
export interface S3Timeouts {
  /** Until a connection stands, TLS included. */
  readonly connectMs: number;
  /** A request during which no byte moved for so long, in either direction, has failed. How long it takes in all is not bounded. */
  readonly silenceMs: number;
}

/** How often and how long to try again; the waits are `RetryOptions`'. */
export interface S3Retries extends Pick<RetryOptions, 'attempts' | 'firstDelayMs' | 'maxDelayMs'> {
  /** How many retries all calls together may make while none succeeds; ten that succeed give one back. */
  readonly budget: number;
}

/** Bytes. S3 wants parts of 5 MiB at least and takes 10,000 of them. */
export interface S3Multipart {
  /** Objects larger than this go up in parts. Packs are smaller: they go up in one request. */
  readonly aboveBytes: number;
  readonly partBytes: number;
}

/** A bucket, and how to talk to it. Reading this from files and the environment is somebody else's. */
export interface S3Settings {
  /** `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`; a path in it stands before the bucket's. */
  readonly endpoint: string;
  readonly bucket: string;
  /** `''`, or an object key with a `/` behind it: the store sees nothing outside of it. */
  readonly prefix: string;
  /** As requests are signed for: `us-east-1` where the server has no regions. */
  readonly region: string;
  /** `https://host/bucket/key`; otherwise `https://bucket.host/key`. */
  readonly pathStyle: boolean;
  /** Certificates of the authorities to trust instead of the usual ones, PEM. */
  readonly ca?: string;
  /** Asked before each request, when it is a function: credentials that end are read again. */
  readonly credentials: S3Credentials | (() => Promise<S3Credentials>);
  /**
   * What goes with each body besides the SHA-256 in its signature, which every server checks. `sha256`: `x-amz-checksum-sha256`, kept
   * with the object by servers that know it. `md5`: `Content-MD5`, compared with the ETag; costs three times as much time.
   */
  readonly checksum?: 'sha256' | 'md5';
  /** Connections at most; further requests wait. */
  readonly connections?: number;
  readonly timeouts?: S3Timeouts;
  readonly retries?: S3Retries;
  readonly multipart?: S3Multipart;
}

const MIB = 1024 * 1024;

export const S3_DEFAULTS = {
  checksum: 'sha256',
  connections: 32,
  timeouts: { connectMs: 10_000, silenceMs: 30_000 },
  retries: { attempts: 6, firstDelayMs: 200, maxDelayMs: 10_000, budget: 100 },
  multipart: { aboveBytes: 64 * MIB, partBytes: 32 * MIB },
} as const satisfies Partial<S3Settings>;

/** Every setting with a value. */
export type CompleteS3Settings = Required<Omit<S3Settings, 'ca'>> & Pick<S3Settings, 'ca'>;

/** S3's rule for names, and the older ones with capitals and underscores that some servers still have. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/;

/** @throws ArchiveError CONFIG_INVALID */
export function completeS3Settings(settings: S3Settings): CompleteS3Settings {
  const { bucket, prefix, region } = settings;
  assertEndpoint(settings.endpoint);
  if (!BUCKET.test(bucket)) throw invalid('The S3 bucket has no possible name.');
  if (prefix !== '' && !(prefix.endsWith('/') && isObjectKey(prefix.slice(0, -1)))) {
    throw invalid(
      'The S3 prefix is empty, or parts of letters, digits, ".", "_" and "-" with a "/" behind each.',
    );
  }
  if (!/^[A-Za-z0-9-]{1,64}$/.test(region)) throw invalid('The S3 region has no possible name.');
  return { ...S3_DEFAULTS, ...settings };
}

function assertEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid('The S3 endpoint has to be a URL such as https://s3.example.org.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid('The S3 endpoint is a plain URL: no user, password or query belongs into it.');
  }
}

function invalid(message: string): ArchiveError {
  return new ArchiveError('CONFIG_INVALID', message, {
    hint: 'Mend the settings of the object store and start again. Nothing was changed.',
  });
}
