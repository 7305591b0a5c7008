import type { HouseholdId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';

/** Sums over all households: what metrics show of the catalog. */
export interface ArchiveFigures {
  readonly packs: readonly PackFigures[];
  /** When the live pack that was checked longest ago was checked last; when it was written, if never. */
  readonly oldestCheckAt: Date | undefined;
  readonly openUploads: number;
  /** Bytes, by the newest day that was noted of each household. */
  readonly storage: {
    readonly logical: number;
    readonly stored: number;
    readonly needed: number;
    readonly bin: number;
  };
  /** Households where nothing is removed by itself until somebody looked. */
  readonly upkeepAlerts: number;
  /** When the household that was seen to longest ago was seen to. */
  readonly oldestUpkeepAt: Date | undefined;
}

export interface PackFigures {
  readonly state: 'uploading' | 'live' | 'condemned' | 'deleting';
  readonly packs: number;
  readonly bytes: number;
}

/**
 * Reads each row of `pack`: a third of a second for a million. For once a minute.
 * @throws ArchiveError DATABASE_FAILED, SERVER_BUSY
 */
export async function archiveFigures(source: DataSource): Promise<ArchiveFigures> {
  const packs = await rows<PackFigures & { oldestCheckAt: Date }>(
    source.manager,
    `select state, count(*)::float8 as packs, sum(size)::float8 as bytes,
        min(coalesce(verified_at, created_at)) as "oldestCheckAt"
      from pack where state in ('uploading', 'live', 'condemned', 'deleting') group by state`,
  );
  const sums = await firstRow<
    Pick<ArchiveFigures, 'openUploads' | 'upkeepAlerts' | 'storage'> & {
      oldestUpkeepAt: Date | null;
    }
  >(
    source.manager,
    `select (select count(*)::float8 from upload where state = 'open') as "openUploads",
        (select count(*)::float8 from upkeep where alert is not null) as "upkeepAlerts",
        (select min(seen_at) from upkeep) as "oldestUpkeepAt",
        (select jsonb_build_object('logical', coalesce(sum(logical), 0), 'stored', coalesce(sum(stored), 0),
            'needed', coalesce(sum(needed), 0), 'bin', coalesce(sum(bin), 0))
          from household cross join lateral (
            select * from storage_day where household_id = household.id order by day desc limit 1) as newest) as storage`,
  );
  if (sums === undefined) throw new Error('a query without a table gives one row');
  return {
    ...sums,
    packs: packs.map(({ state, packs: count, bytes }) => ({ state, packs: count, bytes })),
    oldestCheckAt: packs.find(({ state }) => state === 'live')?.oldestCheckAt,
    oldestUpkeepAt: sums.oldestUpkeepAt ?? undefined,
  };
}

/** When the household's live pack that was checked longest ago was checked last, and whether it ever was. */
export async function oldestCheckOf(
  source: DataSource,
  householdId: HouseholdId,
): Promise<{ readonly at: Date; readonly checked: boolean } | undefined> {
  return firstRow(
    source.manager,
    `select coalesce(verified_at, created_at) as at, verified_at is not null as checked
      from pack where household_id = $1 and state = 'live' order by 1 limit 1`,
    [householdId],
  );
}
