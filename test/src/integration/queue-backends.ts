import { startRedis } from '@rootcellar/testkit';
import type { RedisServer } from '@rootcellar/testkit';

/** What is promised of jobs is promised of both. */
export const BACKENDS = ['PostgreSQL', 'Redis'] as const;

/** @returns the server the caller stops; none where PostgreSQL is enough */
export async function redisOf(
  backend: (typeof BACKENDS)[number],
): Promise<RedisServer | undefined> {
  return backend === 'Redis' ? startRedis() : undefined;
}
