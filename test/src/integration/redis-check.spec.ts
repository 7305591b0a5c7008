import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { checkRedis } from '@rootcellar/jobs';
import { loggable } from '@rootcellar/platform';
import { freePort, startRedis } from '@rootcellar/testkit';
import type { RedisServerOptions } from '@rootcellar/testkit';

async function refusalOf(
  options: RedisServerOptions,
  change: { password?: string; prefix?: string } = {},
): Promise<{ error: Error; text: string }> {
  await using redis = await startRedis(options);
  const { url, password } = redis;
  const error: unknown = await checkRedis({ url, password, ...change }).then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  if (!(error instanceof Error)) throw new Error('it was accepted');
  const text = inspect(error, { depth: 9 }) + JSON.stringify(loggable(error));
  return { error, text: text.replaceAll(change.password ?? password, 'SECRET') };
}

describe('a Redis', () => {
  it('that fits is accepted; one that keeps nothing on disk is warned about', async () => {
    await using forgetful = await startRedis();
    await using persistent = await startRedis({ persistent: true });

    expect(await checkRedis(forgetful)).toMatchObject({
      server: expect.stringMatching(/^(redis|valkey) \d+\./),
      warnings: [expect.stringContaining('on disk')],
    });
    expect(await checkRedis(persistent)).toMatchObject({ warnings: [] });
  });

  it('that throws keys away is refused, with what to set', async () => {
    const { error } = await refusalOf({ settings: ['maxmemory-policy allkeys-lru'] });

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('allkeys-lru'),
      hint: expect.stringContaining('noeviction'),
    });
  });

  it('that forbids CONFIG is judged by INFO, and refused or accepted by that', async () => {
    const forbidden = ['rename-command CONFIG ""'];
    await using managed = await startRedis({ settings: forbidden });

    expect((await checkRedis(managed)).warnings).toHaveLength(1);
    const { error } = await refusalOf({
      settings: [...forbidden, 'maxmemory-policy volatile-ttl'],
    });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('that wants another password is refused at once; no password is in what is told', async () => {
    const { error, text } = await refusalOf({}, { password: 'open-sesame-open' });

    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(text).toContain('WRONGPASS');
    expect(text).not.toContain('SECRET');
  });

  it('that is a replica, or part of a cluster, is refused', async () => {
    const replica = await refusalOf({ settings: ['replicaof 127.0.0.1 1'] });
    const cluster = await refusalOf({ settings: ['cluster-enabled yes'] });

    expect(replica.error.message).toContain('replica');
    expect(cluster.error.message).toContain('cluster');
  });

  it('that is not there is waited for, and then told', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;

    await expect(checkRedis({ url, password: 'open-sesame' }, 300)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringContaining('127.0.0.1'),
    });
  });

  it('that starts a moment later is found', async () => {
    await using redis = await startRedis();
    await redis.kill();
    const checked = checkRedis(redis);
    await redis.start();

    expect((await checked).server).toMatch(/\d/);
  });
});
