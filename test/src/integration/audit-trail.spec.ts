import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, CommittedSnapshot } from '@rootcellar/archive';
import { allAudit, listAudit } from '@rootcellar/catalog/queries';
import type { AuditView } from '@rootcellar/catalog/queries';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId, Id } from '@rootcellar/model';
import { addMember } from './second-actor.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
let ada: Actor;
let bob: Actor;
let snapshot: CommittedSnapshot;
beforeAll(async () => {
  test = await openTestArchive();
  ada = { ...test.actor, from: { address: '192.0.2.7', agent: 'a browser' } };
  bob = await addMember(test, { email: 'bob@example.org', role: 'member' });
  const backup = await smallBackup(join(test.server.room, 'backup'), {
    udid: '00008110-0000000000000BBB',
  });
  const uploadId = await sendBackup(test.archive, bob, backup);
  const committed = await commitBackup(test.archive.commitUpload, bob, { uploadId, backup });
  snapshot = committed as CommittedSnapshot;
});
afterAll(async () => test[Symbol.asyncDispose]());

const note = async (subject: string): Promise<void> =>
  test.archive.audit.note(ada.householdId, [
    { action: 'pinned', kind: 'household', subject, memberId: ada.memberId },
  ]);

const verify = async (options = {}): ReturnType<TestArchive['archive']['audit']['verify']> =>
  test.archive.audit.verify(ada.householdId, options);

const linesOf = async (actor: Actor): Promise<AuditView[]> =>
  (await listAudit(test.database, actor, { cursor: undefined, limit: 100 })).items;

/** As somebody with the database's password could. */
async function tamper(statement: string): Promise<void> {
  await test.database.query('alter table audit disable trigger user');
  await test.database.query(statement);
  await test.database.query('alter table audit enable trigger user');
}

describe('the chain', () => {
  it('holds for every kind of field, also as the release before writes a line', async () => {
    await test.archive.audit.note(ada.householdId, [
      {
        ...{ action: 'pinned', kind: 'member', subject: 'Zoë’s 📱: "a,b"\n-', rule: 'by hand' },
        ...{
          bytes: 2 ** 50,
          memberId: ada.memberId,
          concernsId: bob.memberId,
          id: newId<Id>(systemClock),
        },
        from: { address: '2001:db8::1', agent: 'x', credentialId: ada.credentialId },
      },
    ]);
    await test.database.query(
      `insert into audit (id, household_id, action, subject_kind) values ($1, $2, 'collected', 'household')`,
      [newId<Id>(systemClock), ada.householdId],
    );

    const found = await verify();

    expect(found).toMatchObject({ broken: undefined });
    expect(found.lines).toBe(found.head.seq);
    expect(await linesOf(ada)).toContainEqual(
      expect.objectContaining({
        fromAddress: '2001:db8::1',
        signIn: 'a computer',
        concerns: 'Bob',
      }),
    );
  });

  it('is one line after the other when many write at a time, in several processes', async () => {
    const other = await test.openAgain();
    try {
      const before = (await verify()).lines;
      await Promise.all(
        Array.from({ length: 40 }, async (_, at) =>
          (at % 2 === 0 ? test : other).archive.audit.note(ada.householdId, [
            { action: 'pinned', kind: 'household', subject: String(at) },
          ]),
        ),
      );

      expect(await verify()).toMatchObject({ broken: undefined, lines: before + 40 });
    } finally {
      await other.close();
    }
  });

  it.each(['update audit set subject = subject', 'delete from audit', 'truncate audit'])(
    'cannot be broken by `%s`',
    async (statement) => {
      await note('kept');

      await expect(test.database.query(statement)).rejects.toThrow(/never changed or deleted/);
    },
  );

  it('shows that a line was changed, which, and that one is missing', async () => {
    await note('true');
    const { head, lines } = await verify();
    await note('later');

    await tamper(`update audit set subject = 'false' where seq = ${head.seq}`);
    expect((await verify()).broken).toEqual({ seq: head.seq, why: 'it is not as it was written' });
    await tamper(`update audit set subject = 'true' where seq = ${head.seq}`);
    expect(await verify()).toMatchObject({ broken: undefined, lines: lines + 1 });

    await tamper(`create table lost as select * from audit where seq = ${head.seq}`);
    await tamper(`delete from audit where seq = ${head.seq}`);
    expect((await verify()).broken).toEqual({ seq: head.seq, why: 'the line is missing' });
    await tamper(`insert into audit select * from lost`);
    expect(await verify()).toMatchObject({ broken: undefined });
  });

  it('that was written anew as a whole differs from a head that was kept', async () => {
    await note('true');
    const kept = (await verify()).head;
    await note('later');
    expect(await verify({ kept })).toMatchObject({ broken: undefined });

    expect(await verify({ kept: { ...kept, hash: '00'.repeat(32) } })).toMatchObject({
      broken: { seq: kept.seq },
    });
    expect(await verify({ kept: { ...kept, seq: 10 ** 6 } })).toMatchObject({
      broken: { seq: 10 ** 6 },
    });
  });

  it('goes with its household, and only then', async () => {
    const id = newId<HouseholdId>(systemClock);
    await test.database.query(
      `insert into household (id, name, time_zone, wrapped_key) values ($1, 'Gone', 'UTC', '')`,
      [id],
    );
    await test.archive.audit.note(id, [{ action: 'pinned', kind: 'household', subject: 'x' }]);

    await test.database.query('delete from household where id = $1', [id]);

    expect(await test.database.query('select from audit where household_id = $1', [id])).toEqual(
      [],
    );
  });
});

describe('what is written down', () => {
  it('of a restore is one line, however often it goes on', async () => {
    const { streamSnapshot } = test.archive;
    const count = async (): Promise<number> =>
      (await linesOf(bob)).filter(({ action }) => action === 'restored').length;

    await streamSnapshot.execute(bob, snapshot.snapshotId);
    await streamSnapshot.execute(bob, snapshot.snapshotId, 'a');
    await streamSnapshot.execute(bob, snapshot.snapshotId, 'b');
    expect(await count()).toBe(1);

    await streamSnapshot.execute(bob, snapshot.snapshotId);
    expect(await count()).toBe(2);
  });

  it('of a restore that says it goes on and never began is a line all the same', async () => {
    const fresh = await addMember(test, { email: 'eve@example.org', role: 'member' });
    await test.database.query('update device set owner_id = $1', [fresh.memberId]);
    try {
      await test.archive.streamSnapshot.execute(fresh, snapshot.snapshotId, 'a');

      expect(await linesOf(fresh)).toMatchObject([
        { action: 'restored', signIn: 'another computer' },
      ]);
    } finally {
      await test.database.query('update device set owner_id = $1', [bob.memberId]);
    }
  });
});

describe('the trail as it is shown', () => {
  it('tells a member what they did and what concerns them, and nothing else', async () => {
    await note('of Ada alone');
    await test.archive.audit.note(ada.householdId, [
      {
        ...{ action: 'downloaded', kind: 'artifact', subject: 'Game 1.0' },
        ...{ memberId: ada.memberId, concernsId: bob.memberId, from: ada.from },
      },
    ]);

    const seen = await linesOf(bob);

    expect(seen[0]).toMatchObject({
      ...{ action: 'downloaded', member: 'Ada', concerns: 'Bob', subject: 'Game 1.0' },
      fromAddress: '192.0.2.7',
    });
    expect(JSON.stringify(seen)).not.toContain('of Ada alone');
  });

  it("tells an administrator of others' things the device at most", async () => {
    await test.archive.streamSnapshot.execute(bob, snapshot.snapshotId);
    await test.archive.audit.note(ada.householdId, [
      {
        ...{ action: 'forgotten', kind: 'artifact', subject: 'Secret App 2.0' },
        ...{ memberId: bob.memberId, concernsId: bob.memberId },
      },
    ]);

    const lines = await linesOf(ada);

    const restored = lines.find(({ action }) => action === 'restored');
    expect(restored).toMatchObject({ member: 'Bob', subjectId: null });
    expect(restored?.subject).not.toMatch(/\d{4}-\d{2}-\d{2}/);
    expect(restored?.subject.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain('Secret App');
    const all: AuditView[] = [];
    for await (const line of allAudit(test.database, ada)) all.push(line);
    expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(JSON.stringify(all)).not.toContain('Secret App');
  });
});
