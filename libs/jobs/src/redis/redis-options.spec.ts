import { describe, expect, it } from '@jest/globals';
import { keyPrefix, redisOptions, redisPlace, withoutCommand } from './redis-options.js';

describe('the address of Redis', () => {
  it('is taken apart; what it leaves out is as everywhere', () => {
    expect(redisOptions({ url: 'redis://queue' })).toMatchObject({
      ...{ host: 'queue', port: 6379, db: 0 },
    });
    expect(redisOptions({ url: 'rediss://ada:se%2Fcret@[::1]:7000/3', ca: 'PEM' })).toMatchObject({
      ...{ host: '::1', port: 7000, db: 3, username: 'ada', password: 'se/cret' },
      tls: { ca: 'PEM' },
    });
  });

  it('has no TLS unless it says so, and no password unless there is one', () => {
    const options = redisOptions({ url: 'redis://queue', ca: 'PEM' });

    expect(options).not.toHaveProperty('tls');
    expect(options).not.toHaveProperty('password');
  });

  it.each(['queue:6379', 'http://queue', 'redis://', 'redis://queue/x', 'redis://u:%zz@queue', ''])(
    'is refused as %p, and never repeated',
    (url) => {
      let refusal: unknown;
      try {
        redisOptions({ url });
      } catch (error) {
        refusal = error;
      }

      expect(refusal).toMatchObject({ code: 'CONFIG_INVALID' });
      expect(String(refusal)).not.toContain('%zz');
    },
  );

  it('is told by host and port alone', () => {
    expect(redisPlace({ url: 'redis://ada:secret@queue:7000/3', password: 'x' })).toBe(
      'queue:7000',
    );
  });
});

describe('the prefix of the keys', () => {
  it('is ours without one, and of plain letters', () => {
    expect(keyPrefix({ url: '' })).toBe('rootcellar');
    expect(keyPrefix({ url: '', prefix: 'school-2' })).toBe('school-2');
    for (const prefix of ['', 'a:b', '{a}', 'x'.repeat(65)])
      expect(() => keyPrefix({ url: '', prefix })).toThrow('prefix');
  });
});

describe('a failed command', () => {
  it('keeps name, code and message, and loses its arguments', () => {
    const failed = Object.assign(new Error('WRONGPASS'), {
      code: 'X',
      command: { name: 'auth', args: ['secret'] },
    });

    const told = withoutCommand(failed);

    expect(told).toMatchObject({ message: 'WRONGPASS', code: 'X' });
    expect(told).not.toHaveProperty('command');
  });
});
