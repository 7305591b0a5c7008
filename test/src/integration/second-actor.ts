import type { Actor } from '@rootcellar/archive';
import { authenticate, memberActing } from '@rootcellar/archive';
import { newId, systemClock } from '@rootcellar/model';
import type { AccountId } from '@rootcellar/model';
import { SET_UP } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

/** Another member of the household, who signs in with the same password. */
export async function addMember(
  { archive, database }: Pick<TestArchive, 'archive' | 'database'>,
  { email, role }: { readonly email: string; readonly role: Actor['role'] },
): Promise<Actor> {
  await database.query(
    `with other as (
        insert into account (id, email, name, password_hash)
          select $1, $2, 'Bob', password_hash from account limit 1 returning id)
      insert into member (id, household_id, account_id, name, role)
        select other.id, household_id, other.id, 'Bob', $3 from other, (select household_id from member limit 1) as first`,
    [newId<AccountId>(systemClock), email, role],
  );
  const outcome = await archive.signIn.execute({
    ...{ email, password: SET_UP.password, computerName: 'another computer', kind: 'token' },
    from: '127.0.0.1',
  });
  if (outcome.status !== 'signed-in') throw new Error('more is asked for');
  return memberActing(await authenticate(archive.people, outcome.token));
}
