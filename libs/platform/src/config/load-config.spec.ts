import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './load-config.js';

const S3 = {
  ROOTCELLAR_S3_ENDPOINT: 'https://s3.example.org',
  ROOTCELLAR_S3_BUCKET: 'cellar',
  ROOTCELLAR_S3_ACCESS_KEY_FILE: '/run/secrets/access',
  ROOTCELLAR_S3_SECRET_KEY: 'hidden',
};

describe('loadConfig', () => {
  it('without settings names no servers', () => {
    expect(loadConfig({}).servers).toEqual({
      ...{ database: undefined, redis: undefined, s3: undefined, poolSize: 24 },
    });
  });

  it('takes the parts of a database address apart', () => {
    const { servers } = loadConfig({
      ROOTCELLAR_DATABASE_URL: 'postgres://a%40b:p%3Aw@[::1]:6432/root%20cellar',
      ROOTCELLAR_DATABASE_PASSWORD_FILE: '/run/secrets/db',
      ROOTCELLAR_DATABASE_POOL: '10',
    });

    expect(servers.database).toEqual({
      ...{ host: '::1', port: 6432, user: 'a@b', password: 'p:w', database: 'root cellar' },
      ...{ passwordFile: '/run/secrets/db', caFile: undefined },
    });
    expect(servers.poolSize).toBe(10);
  });

  it.each([
    'postgres://host/db',
    'postgres://someone@host',
    'mysql://user@host/db',
    'user@host/db',
    'postgres://user@host/db?sslmode=disable',
    'postgres://user@host/a/b',
  ])('refuses the database address %s, and does not repeat it', (url) => {
    const load = (): unknown => loadConfig({ ROOTCELLAR_DATABASE_URL: url });

    expect(load).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(load).not.toThrow(url);
  });

  it('reads a bucket with keys from files or from the environment', () => {
    expect(loadConfig(S3).servers.s3).toEqual({
      ...{ endpoint: 'https://s3.example.org', bucket: 'cellar', prefix: '', region: 'us-east-1' },
      ...{ pathStyle: true, caFile: undefined },
      accessKey: { file: '/run/secrets/access' },
      secretKey: { value: 'hidden' },
    });
  });

  it.each(Object.keys(S3))('refuses a bucket without %s', (missing) => {
    expect(() => loadConfig({ ...S3, [missing]: undefined })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it.each([
    ['2', 2],
    ['loopback', ['loopback']],
    ['10.0.0.1, 172.20.0.0/16,fd00::/8', ['10.0.0.1', '172.20.0.0/16', 'fd00::/8']],
  ])('reads the proxies that are trusted: %s', (text, proxies) => {
    expect(loadConfig({ ROOTCELLAR_TRUSTED_PROXIES: text }).trustedProxies).toEqual(proxies);
  });

  it.each(['all', '*', '10.0.0.0/33', '10.0.0.1/', '300.0.0.1', '10.0.0.1,', '12'])(
    'refuses %s as proxies',
    (text) => {
      expect(() => loadConfig({ ROOTCELLAR_TRUSTED_PROXIES: text })).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      );
    },
  );

  it('takes a provider over https, on this computer also without', () => {
    const provider = (issuer: string): unknown =>
      loadConfig({ ROOTCELLAR_OIDC_ISSUER: issuer, ROOTCELLAR_OIDC_CLIENT_ID: 'cellar' }).provider;

    expect(provider('https://id.example.org/realms/family')).toMatchObject({ clientId: 'cellar' });
    expect(provider('http://localhost:8080')).toMatchObject({ groupsClaim: 'groups' });
    expect(() => provider('http://id.example.org')).toThrow('not https');
    expect(() => loadConfig({ ROOTCELLAR_OIDC_CLIENT_ID: 'cellar' })).toThrow('belong together');
    expect(loadConfig({}).provider).toBeUndefined();
  });

  it('refuses a setting it does not know, by its name alone', () => {
    const load = (): unknown => loadConfig({ ROOTCELLAR_S3_BUKCET: 'secret' });

    expect(load).toThrow('ROOTCELLAR_S3_BUKCET');
    expect(load).not.toThrow('secret');
  });
});
