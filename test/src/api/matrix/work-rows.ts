import type { Database } from '@rootcellar/catalog';
import { freshId } from './things.js';

/** An open upload of a package. @returns its id */
export async function uploadOf(
  database: Database,
  { household, member }: { readonly household: string; readonly member: string },
): Promise<string> {
  const id = freshId();
  const declared = { kind: 'artifact', fileName: 'a.ipa', sha256: '0'.repeat(64), size: 1 };
  await database.query(
    `insert into upload (id, household_id, member_id, kind, declared, expires_at)
      values ($1, $2, $3, 'artifact', $4, now() + interval '1 day')`,
    [id, household, member, JSON.stringify(declared)],
  );
  return id;
}

/** A job that has ended. @returns its id */
export async function jobOf(database: Database, household: string): Promise<string> {
  const id = freshId();
  await database.query(
    `insert into job_request (id, household_id, name, options, ended_at) values ($1, $2, 'scrub', '{}', now())`,
    [id, household],
  );
  return id;
}
