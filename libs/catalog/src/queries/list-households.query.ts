import type { Role } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface HouseholdView {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly createdAt: Date;
  readonly members: number;
  /** Bytes of its packs, as objects in the store. */
  readonly storedBytes: number;
  readonly lastBackupAt: Date | null;
}

type HouseholdViewRow = Omit<HouseholdView, 'members' | 'storedBytes'> & {
  readonly members: string;
  readonly storedBytes: string;
};

/** Every household of the server, as its operator sees it: nothing of what is in it. The caller sees to it that it is one. */
export async function listHouseholds(
  source: DataSource,
  page: PageRequest,
): Promise<Page<HouseholdView>> {
  return pageOf<HouseholdViewRow, HouseholdView>(source, {
    sql: `select id, name, time_zone as "timeZone", created_at as "createdAt",
        (select count(*) from member where household_id = household.id and removed_at is null) as members,
        (select coalesce(sum(size), 0) from pack where household_id = household.id and state in ('live', 'condemned', 'deleting'))
          as "storedBytes",
        (select max(created_at) from root where household_id = household.id and kind = 'snapshot') as "lastBackupAt"
      from household where $1::uuid is null or id > $1 order by id limit $2`,
    parameters: [],
    page,
    toItem: (row) => ({
      ...row,
      members: Number(row.members),
      storedBytes: Number(row.storedBytes),
    }),
  });
}

export interface AccountView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly operator: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly households: readonly {
    readonly householdId: string;
    readonly householdName: string;
    readonly role: Role;
  }[];
}

/** Every account of the server, for its operator; the caller sees to that. */
export async function listAccounts(
  source: DataSource,
  page: PageRequest,
): Promise<Page<AccountView>> {
  return pageOf<AccountView, AccountView>(source, {
    sql: `select id, name, email, operator, created_at as "createdAt",
        (select max(last_used_at) from credential where account_id = account.id) as "lastUsedAt",
        (select coalesce(jsonb_agg(jsonb_build_object('householdId', household.id, 'householdName', household.name, 'role', role)
            order by member.created_at, member.id), '[]')
          from member join household on household.id = household_id where account_id = account.id and removed_at is null)
          as households
      from account where $1::uuid is null or id > $1 order by id limit $2`,
    parameters: [],
    page,
    toItem: (row) => row,
  });
}
