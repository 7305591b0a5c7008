import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { MemberId } from '@rootcellar/model';
import { PASSWORD } from '@rootcellar/testkit';
import { httpOf, jsonRequest } from './http.js';
import type { Http } from './http.js';

export interface SecondMember {
  readonly email: string;
  readonly role: 'member' | 'limited';
}

/** Adds a member with the administrator's password by SQL, as there is no route for it yet, and signs in. */
export async function signInSecondMember(
  service: { readonly url: string; readonly data: string },
  member: SecondMember,
): Promise<Http> {
  await addSecondMember(service, member);
  const { token } = await httpOf(service.url).json<{ token: string }>(
    jsonRequest('/api/v1/sessions', { email: member.email, password: PASSWORD }),
  );
  return httpOf(service.url, token);
}

/** @returns the member's id */
export async function addSecondMember(
  service: { readonly data: string },
  { email, role }: SecondMember,
): Promise<string> {
  const id = newId<MemberId>(systemClock);
  const database = await openDatabase({ ...(await connectionOf(service.data)), poolSize: 1 });
  try {
    await database.query(
      `with bob as (
          insert into account (id, email, name, password_hash)
            select $1, $2, 'Bob', password_hash from account limit 1 returning id)
        insert into member (id, household_id, account_id, name, role)
          select bob.id, household_id, bob.id, 'Bob', $3 from member, bob order by member.id limit 1`,
      [id, email, role],
    );
  } finally {
    await database.destroy();
  }
  return id;
}

/** The service's own PostgreSQL, which says in a file where it listens. */
export async function connectionOf(data: string): Promise<{
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}> {
  const [, , , port] = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split(
    '\n',
  );
  const password = (await readFile(join(data, 'postgres-password'), 'utf8')).trim();
  return {
    ...{ host: '127.0.0.1', port: Number(port), password },
    ...{ user: 'rootcellar', database: 'rootcellar' },
  };
}
