import { describe, expect, it } from '@jest/globals';
import { signRequest } from './signed-request.js';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The examples of "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon S3 API Reference. */
const EXAMPLE = {
  credentials: {
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  now: new Date('2013-05-24T00:00:00Z'),
  sha256: EMPTY,
};
const VIRTUAL_HOST = {
  ...{ endpoint: 'https://s3.amazonaws.com', bucket: 'examplebucket', region: 'us-east-1' },
  pathStyle: false,
};

describe('signRequest', () => {
  it.each([
    [{ lifecycle: '' }, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    [
      { 'max-keys': '2', prefix: 'J' },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('signs as AWS shows it: %j', (query, signature) => {
    const { headers, hostname } = signRequest(VIRTUAL_HOST, { method: 'GET', query }, EXAMPLE);

    expect(hostname).toBe('examplebucket.s3.amazonaws.com');
    expect(headers['authorization']).toContain(
      'SignedHeaders=host;x-amz-content-sha256;x-amz-date',
    );
    expect(headers['authorization']).toMatch(new RegExp(`Signature=${signature}$`));
  });

  it('names the bucket in the path or in the host, behind a path of the endpoint', () => {
    const target = { method: 'GET', name: 'a/b', query: { uploadId: 'x/y z' } } as const;
    const settings = { ...VIRTUAL_HOST, endpoint: 'http://store.test:9000/s3/', bucket: 'kept' };

    const inHost = signRequest(settings, target, EXAMPLE);
    const inPath = signRequest({ ...settings, pathStyle: true }, target, EXAMPLE);

    expect(inHost).toMatchObject({
      ...{ protocol: 'http:', hostname: 'kept.store.test', port: '9000' },
      path: '/s3/a/b?uploadId=x%2Fy%20z',
      headers: { host: 'kept.store.test:9000' },
    });
    expect(inPath).toMatchObject({
      ...{ hostname: 'store.test', path: '/s3/kept/a/b?uploadId=x%2Fy%20z' },
      headers: { host: 'store.test:9000' },
    });
  });

  it('signs a session token', () => {
    const credentials = { ...EXAMPLE.credentials, sessionToken: 'token' };

    const { headers } = signRequest(VIRTUAL_HOST, { method: 'GET' }, { ...EXAMPLE, credentials });

    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers['authorization']).toContain(';x-amz-security-token,');
  });
});
