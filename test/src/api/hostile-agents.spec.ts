import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import { sha256 } from '@rootcellar/model';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { signedInHttp, verifyProblem } from './http.js';
import type { Http } from './http.js';
import { entriesOfFolder, framesOf, openRawUpload } from './raw-upload.js';
import type { CommitAnswer } from './raw-upload.js';

let household: Household;
let http: Http;
beforeAll(async () => {
  household = await openHousehold();
  http = await signedInHttp(household.service.url);
});
afterAll(async () => household.close());

const UDID = '00008110-0000000000000BAD';
const DOMAIN = 'AppDomain-com.example.evil';

/** What our own agent would refuse to send. */
async function commitFolder(folder: string): Promise<string> {
  const upload = await openRawUpload(http, { kind: 'snapshot', udid: UDID, deviceName: 'x' });
  const { entries, chunks } = entriesOfFolder(folder);
  await upload.post('chunks', framesOf(chunks));
  const { body } = await upload.commit(entries);
  const { snapshot } = JSON.parse(body.toString()) as CommitAnswer;
  return snapshot?.snapshotId ?? '';
}

describe('a snapshot of an agent that checks nothing', () => {
  it.each(['../../escaped', '/tmp/escaped'])(
    'cannot lead out of the target by the path %s',
    async (path) => {
      const { agent, room } = household;
      const files = [{ domain: DOMAIN, path, content: 'escaped' }];
      const spec = { udid: UDID, files };
      const name = path.replaceAll('/', '_');
      const { folder } = await buildBackup(join(room, name), spec);

      const id = await commitFolder(folder);
      const listed = await http.send({ path: `/api/v1/snapshots/${id}/files?domain=${DOMAIN}` });
      const to = ['--to', join(room, 'out'), '--domain', DOMAIN];
      const restored = await agent.run('restore', id, ...to);

      verifyProblem(listed, 422, 'BACKUP_PATH_UNSAFE');
      expect([restored.json().error.code, restored.code]).toEqual(['BACKUP_PATH_UNSAFE', 20]);
      // What was stored comes back all the same: in the backup's own form it harms nobody.
      await agent.ok('restore', id, '--to', join(room, 'whole', name));
    },
  );

  it('with something else for Manifest.db comes back whole and cannot be looked into', async () => {
    const { agent, room } = household;
    const spec = { udid: UDID, manifestDamage: 'garbage' } as const;
    const { folder } = await buildBackup(join(room, 'garbage'), spec);

    const id = await commitFolder(folder);
    const listed = await http.send({ path: `/api/v1/snapshots/${id}/files` });

    verifyProblem(listed, 422, 'BACKUP_MANIFEST_DAMAGED');
    await agent.ok('restore', id, '--to', join(room, 'garbage out'));
  });
});

describe('a package of an agent that checks nothing', () => {
  async function commitPackage(bytes: Buffer, declared: object) {
    const fileName = 'app.ipa';
    const sha = sha256(bytes);
    const upload = await openRawUpload(http, {
      ...{ kind: 'artifact', sha256: sha, size: bytes.length, fileName },
      ...declared,
    });
    await upload.post('chunks', framesOf([{ bytes }]));
    const refs = [{ id: sha, length: bytes.length }];
    const entry = { path: fileName, type: 'file', mtimeNs: 0n, size: bytes.length, refs } as const;
    return upload.commit([entry]);
  }

  it('is refused when it is none', async () => {
    verifyProblem(await commitPackage(Buffer.from('no zip'), {}), 422, 'PACKAGE_NOT_ZIP');
  });

  it('is refused when it is another file than was announced', async () => {
    const answer = await commitPackage(buildPackage(), { sha256: 'a'.repeat(64) });

    verifyProblem(answer, 422, 'CHUNK_DIGEST_MISMATCH');
  });

  it('is not in the library then', async () => {
    expect((await household.agent.ok('app', 'list')).items).toEqual([]);
  });
});
