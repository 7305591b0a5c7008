import { signV4 } from 'minio/dist/esm/signing.mjs';
import type { CompleteS3Settings, S3Credentials } from './s3-settings.js';

export type S3Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
export type S3Headers = Readonly<Record<string, string>>;

/** A request before it is signed. */
export interface S3Target {
  readonly method: S3Method;
  /** The object's whole name; without it the request is about the bucket. */
  readonly name?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** In lower case. */
  readonly headers?: S3Headers;
}

/** Where a request goes, and the headers that prove who sends it. */
export interface SignedRequest {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Signature {
  readonly credentials: S3Credentials;
  readonly now: Date;
  /** Hex, of the body. */
  readonly sha256: string;
}

/**
 * Signs with the `minio` client's own function (AWS Signature Version 4): the host, the time, the body's SHA-256, everything `x-amz-…` and
 * Content-MD5. Other headers stay outside: proxies may touch them.
 */
export function signRequest(
  settings: Pick<CompleteS3Settings, 'endpoint' | 'bucket' | 'region' | 'pathStyle'>,
  target: S3Target,
  { credentials, now, sha256 }: Signature,
): SignedRequest {
  const { protocol, hostname, port, pathname } = new URL(settings.endpoint);
  const host = settings.pathStyle ? hostname : `${settings.bucket}.${hostname}`;
  const inBucket = target.name === undefined ? '' : `/${target.name}`;
  const base = pathname.replace(/\/+$/, '');
  const place = settings.pathStyle ? `${base}/${settings.bucket}${inBucket}` : base + inBucket;
  const path = (place === '' ? '/' : place) + queryOf(target.query);
  const headers = target.headers ?? {};
  const signed: Record<string, string> = {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => isSigned(name))),
    host: port === '' ? host : `${host}:${port}`,
    'x-amz-date': now.toISOString().replace(/[-:]|\.\d+/g, ''),
    'x-amz-content-sha256': sha256,
    ...(credentials.sessionToken !== undefined && {
      'x-amz-security-token': credentials.sessionToken,
    }),
  };
  const { accessKey, secretKey } = credentials;
  const request = { method: target.method, protocol, path, headers: signed };
  const authorization = signV4(request, accessKey, secretKey, settings.region, now, sha256);
  return {
    ...{ protocol: protocol as SignedRequest['protocol'], hostname: host, port, path },
    headers: { ...headers, ...signed, authorization },
  };
}

function isSigned(header: string): boolean {
  return header.startsWith('x-amz-') || header === 'content-md5';
}

function queryOf(query: S3Target['query'] = {}): string {
  const pairs = Object.entries(query).map(([name, value]) => `${escape(name)}=${escape(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.sort().join('&')}`;
}

/** As S3 escapes: RFC 3986, which is stricter than JavaScript. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
