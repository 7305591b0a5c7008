import type { Doer, SharedHousehold, SharingCatalog } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow } from '../sql.js';

export class PgSharingCatalog implements SharingCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async find(householdId: HouseholdId): Promise<SharedHousehold> {
    const row = await firstRow<SharedHousehold>(
      this.#source,
      `select name, time_zone as "timeZone", dedup_by_member as "dedupByMember" from household where id = $1`,
      [householdId],
    );
    if (row === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such household.');
    return row;
  }

  async setDedup(householdId: HouseholdId, byMember: boolean, by: Doer): Promise<void> {
    await this.#source.transaction(async (tx) => {
      await tx.query('update household set dedup_by_member = $2 where id = $1', [
        householdId,
        byMember,
      ]);
      const subject = `sizes told by ${byMember ? 'member' : 'household'}`;
      await audit(tx, this.#clock, householdId, [
        { action: 'sharing-set', kind: 'household', subject, ...by },
      ]);
    });
  }
}
