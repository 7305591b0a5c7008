import { describe, expect, it } from '@jest/globals';
import { completeS3Settings } from './s3-settings.js';

const SETTINGS = {
  ...{ endpoint: 'https://s3.example.org', bucket: 'kept', prefix: '', region: 'us-east-1' },
  ...{ pathStyle: true, credentials: { accessKey: 'a', secretKey: 's' } },
};

describe('completeS3Settings', () => {
  it('fills in what was left out', () => {
    expect(completeS3Settings(SETTINGS)).toMatchObject({ checksum: 'sha256', connections: 32 });
  });

  it.each([
    { endpoint: 's3.example.org' },
    { endpoint: 'ftp://s3.example.org' },
    { endpoint: 'https://user:secret@s3.example.org' },
    { endpoint: 'https://s3.example.org/?x=secret' },
    { bucket: 'a' },
    { bucket: 'with/slash' },
    { bucket: 'with space' },
    { prefix: 'no-slash' },
    { prefix: '/' },
    { prefix: '../' },
    { region: '' },
    { region: 'x\r\ny' },
  ])('refuses %j without repeating it', (wrong) => {
    expect(() => completeS3Settings({ ...SETTINGS, ...wrong })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.not.stringMatching('secret'),
      }),
    );
  });
});
