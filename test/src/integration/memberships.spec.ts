import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authenticate } from '@rootcellar/archive';
import type { Actor, EndingWish } from '@rootcellar/archive';
import type { SnapshotId } from '@rootcellar/model';
import { noise } from '../journeys/sample-content.js';
import { comeIn } from './come-in.js';
import { commitBackup, sendBackup, sendChunks, smallBackup } from './sent-backup.js';
import type { SmallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const HOUSEHOLD = 'Test';

let test: TestArchive;
beforeAll(async () => {
  test = await openTestArchive();
});
afterAll(async () => test[Symbol.asyncDispose]());

let phones = 0;
async function backup(): Promise<SmallBackup> {
  phones += 1;
  const udid = String(phones).padStart(40, '0');
  return smallBackup(join(test.server.room, udid), {
    udid,
    files: [{ domain: 'CameraRollDomain', path: 'Media/new.jpg', content: noise(udid, 20_000) }],
  });
}

async function push(actor: Actor): Promise<SnapshotId> {
  const pushed = await backup();
  const uploadId = await sendBackup(test.archive, actor, pushed);
  const result = await commitBackup(test.archive.commitUpload, actor, { uploadId, backup: pushed });
  if (result.status !== 'committed') throw new Error(result.status);
  return result.snapshotId;
}

function wish(data: EndingWish['data'], more: Partial<EndingWish> = {}): EndingWish {
  return { data, confirm: [], dryRun: false, ...more };
}

async function audited(action: string): Promise<string[]> {
  const found = await test.database.query<{ subject: string }[]>(
    'select subject from audit where action = $1 order by id',
    [action],
  );
  return found.map(({ subject }) => subject);
}

async function canRead(actor: Actor, id: SnapshotId): Promise<boolean> {
  const page = await test.archive.browseSnapshot
    .list(actor, id, { limit: 1 })
    .catch(() => undefined);
  return page !== undefined;
}

describe('a removal', () => {
  it('is planned first: nothing happens, and the name to agree with is told', async () => {
    const bob = await comeIn(test.archive, test.actor, { name: 'Bob' });
    await push(bob.actor);
    const { endMembership } = test.archive;

    const planned = await endMembership.remove(
      test.actor,
      bob.actor.memberId,
      wish('bin', { dryRun: true }),
    );

    expect(planned).toMatchObject({ name: 'Bob', status: 'planned', confirm: 'Bob' });
    expect(planned).toMatchObject({ devices: 1, snapshots: 1, packages: 0 });
    expect(planned.freedBytes).toBeGreaterThan(20_000);
    await expect(
      endMembership.remove(test.actor, bob.actor.memberId, wish('bin', { confirm: ['Ada'] })),
    ).rejects.toMatchObject({ code: 'CONFIRMATION_NEEDED', details: { names: ['Bob'] } });
    await authenticate(test.archive.people, bob.token);
  });

  it('to the bin takes pins away, can be undone, and ends every sign-in here at once', async () => {
    const { archive, actor } = test;
    const cem = await comeIn(archive, actor, { name: 'Cem' });
    const id = await push(cem.actor);
    await archive.bin.setPinned(cem.actor, 'snapshot', id, true);
    const other = await test.openAgain();
    await authenticate(archive.people, cem.token);

    await archive.endMembership.remove(
      actor,
      cem.actor.memberId,
      wish('bin', { confirm: ['Cem'] }),
    );

    await expect(authenticate(archive.people, cem.token)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
    await expect(authenticate(other.archive.people, cem.token)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
    await other.close();
    const binned = await archive.bin.list(actor);
    expect(binned.find((entry) => entry.id === id)).toMatchObject({ rule: 'member-removed' });
    expect(await canRead(actor, id)).toBe(false);
    expect(await audited('member-removed')).toContain('Cem');
  });

  it('leaves what is the household’s, and ends what was shared', async () => {
    const { archive, actor } = test;
    const [ove, pam] = [
      await comeIn(archive, actor, { name: 'Ove' }),
      await comeIn(archive, actor, { name: 'Pam' }),
    ];
    const [tablet, phone, pams] = [
      await push(ove.actor),
      await push(ove.actor),
      await push(pam.actor),
    ];
    await test.database.query('update root set household_wide = true where id = $1', [tablet]);
    const until = new Date(Date.now() + 86_400_000);
    const share = { bundleId: undefined, until };
    const [toPam, toOve] = [pam.actor.memberId, ove.actor.memberId];
    await archive.shares.give(ove.actor, { ...share, rootId: phone, withMemberId: toPam });
    await archive.shares.give(pam.actor, { ...share, rootId: pams, withMemberId: toOve });
    expect(await canRead(pam.actor, phone)).toBe(true);

    const planned = wish('bin', { confirm: ['Ove'] });
    expect(await archive.endMembership.remove(actor, toOve, planned)).toMatchObject({
      snapshots: 1,
    });

    expect(await canRead(pam.actor, tablet)).toBe(true);
    expect(await canRead(pam.actor, phone)).toBe(false);
    const open = await test.database.query<object[]>('select from share where ended_at is null');
    expect(open).toEqual([]);
  });

  it('keeps others from pushing what would be theirs', async () => {
    const { archive, actor } = test;
    const rob = await comeIn(archive, actor, { name: 'Rob' });
    const first = await backup();
    const uploadId = await sendBackup(archive, rob.actor, first);
    await commitBackup(archive.commitUpload, rob.actor, { uploadId, backup: first });
    // An administrator may push for a device of a member.
    const declared = { kind: 'snapshot', udid: first.udid, deviceName: 'Phone' } as const;
    const opened = await archive.openUpload.execute(actor, {
      ...{ ...declared, owner: rob.actor.memberId },
    });
    if (opened.status !== 'open') throw new Error(opened.status);
    const again = opened.upload.id;
    await sendChunks(archive, actor, { uploadId: again, backup: first });

    await archive.endMembership.remove(
      actor,
      rob.actor.memberId,
      wish('bin', { confirm: ['Rob'] }),
    );

    const left = { code: 'FORBIDDEN', message: expect.stringContaining('has left') };
    await expect(
      commitBackup(archive.commitUpload, actor, { uploadId: again, backup: first }),
    ).rejects.toMatchObject(left);
    await expect(sendBackup(archive, actor, first)).rejects.toMatchObject(left);
  });

  it('waits for a commit that is under way, and takes what it made along', async () => {
    const { archive, actor } = test;
    const dan = await comeIn(archive, actor, { name: 'Dan' });
    const pushed = await backup();
    const uploadId = await sendBackup(archive, dan.actor, pushed);

    await Promise.allSettled([
      commitBackup(archive.commitUpload, dan.actor, { uploadId, backup: pushed }),
      archive.endMembership.remove(actor, dan.actor.memberId, wish('bin', { confirm: ['Dan'] })),
    ]);

    const left = await test.database.query<object[]>(
      'select id from root where member_id = $1 and forgotten_at is null',
      [dan.actor.memberId],
    );
    expect(left).toEqual([]);
    // Another process may take the sign-in for a good one for a moment more.
    const late = await backup();
    const lateId = await sendBackup(archive, dan.actor, late);
    await expect(
      commitBackup(archive.commitUpload, dan.actor, { uploadId: lateId, backup: late }),
    ).rejects.toMatchObject({ code: 'UPLOAD_NOT_OPEN' });
  });

  it('is an administrator’s, of members of the own household', async () => {
    const { archive, actor } = test;
    const eli = await comeIn(archive, actor, { name: 'Eli' });
    const other = await archive.invitations.createHousehold(actor, {
      ...{ name: 'Elsewhere', timeZone: 'UTC' },
    });
    const stranger = await archive.invitations.accept({
      ...{ token: other.token, name: 'Sam', email: 'sam@example.org' },
      ...{ password: 'correct horse battery staple', computerName: 'pc', kind: 'token' },
    });
    const { memberId } = (await authenticate(archive.people, stranger.token)).membership ?? {};
    if (memberId === undefined) throw new Error('Sam is a member');

    const { endMembership, members } = archive;
    await expect(
      endMembership.remove(eli.actor, actor.memberId, wish('bin', { confirm: ['Ada'] })),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const attempt of [
      async () => endMembership.remove(actor, memberId, wish('bin', { confirm: ['Sam'] })),
      async () =>
        endMembership.remove(actor, eli.actor.memberId, wish('hand-over', { to: memberId })),
      async () => members.change(actor, memberId, { name: 'X' }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('brings back what is in the bin still to who is invited again', async () => {
    const { archive, actor } = test;
    const fay = await comeIn(archive, actor, { name: 'Fay' });
    const id = await push(fay.actor);
    await archive.endMembership.remove(
      actor,
      fay.actor.memberId,
      wish('bin', { confirm: ['Fay'] }),
    );
    const { token } = await archive.invitations.create(actor, { role: 'member' });
    const { accountId, credentialId } = fay.actor;
    const principal = { ...fay.actor, accountId, credentialId, membership: undefined };

    const joined = await archive.invitations.join(principal, token);

    expect(joined.memberId).toBe(fay.actor.memberId);
    await archive.bin.undo(fay.actor, 'snapshot', id);
    expect(await canRead(fay.actor, id)).toBe(true);
  });
});

describe('a hand-over', () => {
  it('waits for the word of who leaves, and gives everything to who was named', async () => {
    const { archive, actor } = test;
    const gus = await comeIn(archive, actor, { name: 'Gus' });
    const hal = await comeIn(archive, actor, { name: 'Hal' });
    const id = await push(gus.actor);
    const to = hal.actor.memberId;

    const asked = await archive.endMembership.remove(
      actor,
      gus.actor.memberId,
      wish('hand-over', { to, confirm: ['Gus'] }),
    );

    expect(asked.status).toBe('waiting');
    expect(await canRead(hal.actor, id)).toBe(false);
    await authenticate(archive.people, gus.token);

    const done = await archive.endMembership.leave(
      gus.actor,
      wish('hand-over', { to, confirm: [HOUSEHOLD] }),
    );

    expect(done).toMatchObject({ status: 'ended', snapshots: 1 });
    expect(await canRead(hal.actor, id)).toBe(true);
    expect(await canRead(actor, id)).toBe(false);
    expect(await audited('handed-over')).toContain('Gus → Hal');
    await expect(authenticate(archive.people, gus.token)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
  });

  it('is all a limited member can leave with, when it was asked for', async () => {
    const { archive, actor } = test;
    const kit = await comeIn(archive, actor, { name: 'Kit', role: 'limited' });
    const to = actor.memberId;
    const { endMembership } = archive;
    const handOver = wish('hand-over', { to, confirm: [HOUSEHOLD, 'Kit'] });

    for (const attempt of [wish('bin', { confirm: [HOUSEHOLD] }), handOver])
      await expect(endMembership.leave(kit.actor, attempt)).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    await endMembership.remove(actor, kit.actor.memberId, handOver);

    expect(await endMembership.leave(kit.actor, handOver)).toMatchObject({ status: 'ended' });
  });

  it('goes to nobody who leaves, and not to oneself', async () => {
    const { archive, actor } = test;
    const ivy = await comeIn(archive, actor, { name: 'Ivy' });
    const { memberId } = ivy.actor;

    for (const to of [memberId, undefined]) {
      await expect(
        archive.endMembership.leave(ivy.actor, wish('hand-over', { to, confirm: [HOUSEHOLD] })),
      ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });
});

describe('an export', () => {
  it('leaves reading until its day, and nothing else; then upkeep ends it', async () => {
    const { archive, actor } = test;
    const kai = await comeIn(archive, actor, { name: 'Kai', role: 'admin' });
    const id = await push(kai.actor);
    const begun = await backup();
    const uploadId = await sendBackup(archive, kai.actor, begun);

    const ended = await archive.endMembership.remove(
      actor,
      kai.actor.memberId,
      wish('export', { confirm: ['Kai'] }),
    );

    expect(ended.status).toBe('leaving');
    const principal = await authenticate(archive.people, kai.token);
    expect(principal.membership).toMatchObject({ role: 'member', leavingUntil: ended.until });
    expect(await canRead(kai.actor, id)).toBe(true);
    await expect(
      commitBackup(archive.commitUpload, kai.actor, { uploadId, backup: begun }),
    ).rejects.toMatchObject({ code: 'UPLOAD_NOT_OPEN' });

    expect(await archive.endMembership.endDue(actor.householdId)).toBe(0);
    await test.database.query(
      `update member set leaving_until = now() - interval '1 second' where id = $1`,
      [kai.actor.memberId],
    );
    await archive.keepUp.look(actor.householdId);

    await expect(authenticate(archive.people, kai.token)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN',
    });
    expect((await archive.bin.list(actor)).map((entry) => entry.id)).toContain(id);
  });

  it('is taken back when they are invited again', async () => {
    const { archive, actor } = test;
    const pia = await comeIn(archive, actor, { name: 'Pia' });
    const { memberId } = pia.actor;
    await archive.endMembership.remove(actor, memberId, wish('export', { confirm: ['Pia'] }));
    const { token } = await archive.invitations.create(actor, { role: 'limited' });

    await archive.invitations.join(await authenticate(archive.people, pia.token), token);

    const { membership } = await authenticate(archive.people, pia.token);
    expect(membership).toEqual({ memberId, householdId: actor.householdId, role: 'limited' });
  });

  it('ends in the future, within a year', async () => {
    const { archive, actor } = test;
    const lou = await comeIn(archive, actor, { name: 'Lou' });

    for (const days of [-1, 0, 367, Number.NaN]) {
      const until = new Date(Date.now() + days * 86_400_000);
      await expect(
        archive.endMembership.remove(actor, lou.actor.memberId, wish('export', { until })),
      ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });
});
