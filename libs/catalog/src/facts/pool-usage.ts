import type { DataSource } from 'typeorm';

/** Connections of one process's pool, now. */
export interface PoolUsage {
  /** As many as there may be. */
  readonly max: number;
  readonly inUse: number;
  readonly idle: number;
  /** Statements that wait for a connection. */
  readonly waiting: number;
}

/** What `pg`'s pool tells of itself (https://node-postgres.com/apis/pool). */
interface CountedPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max?: number };
}

/** Asks no server. */
export function poolUsage(source: DataSource): PoolUsage {
  const { master } = source.driver as unknown as { readonly master: CountedPool };
  const { totalCount, idleCount, waitingCount, options } = master;
  return {
    max: options.max ?? 0,
    inUse: totalCount - idleCount,
    idle: idleCount,
    waiting: waitingCount,
  };
}
