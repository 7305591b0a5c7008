/**
 * Makes `test/fixtures/vaults/v<format>`: a small vault as this release stores it, through the real service. Run it once for a new
 * format version, with the release that first writes it, and commit what it made; fixtures are never made again.
 *
 *     npm run build && node test/dist/compat/make-fixture.js
 */
import { cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBackup, buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { BackupFileSpec } from '@rootcellar/ios/testing';
import type { HouseholdId } from '@rootcellar/model';
import {
  makeAgent,
  makeTemporaryFolder,
  setUpHousehold,
  startServiceProcess,
} from '@rootcellar/testkit';
import { createDice } from '../bench/corpus/dice.js';
import { expectedOfFolder, expectedOfPackage } from './expected-vault.js';
import type { ExpectedRoot, ExpectedVault } from './expected-vault.js';

/** From `test/dist/compat`. */
const FIXTURES = fileURLToPath(new URL('../../fixtures/vaults/', import.meta.url));

await using room = await makeTemporaryFolder('rootcellar-fixture');
const data = join(room.path, 'data');
const roots = await fill(join(room.path, 'files'), data);
const marker = JSON.parse(await readFile(join(data, 'objects', 'vault'), 'utf8')) as {
  readonly format: number;
};
const target = join(FIXTURES, `v${marker.format}`);
if ((await stat(target).catch(() => undefined)) !== undefined) {
  throw new Error(`${target} is there already: a stored vault of a version is never made again.`);
}
await mkdir(target, { recursive: true });
await cp(join(data, 'objects', 'vault'), join(target, 'objects', 'vault'));
await cp(join(data, 'objects', 'households'), join(target, 'objects', 'households'), {
  recursive: true,
});
await cp(join(data, 'master-key'), join(target, 'master-key'));
const [householdId = ''] = await readdir(join(target, 'objects', 'households'));
const expected: ExpectedVault = {
  format: marker.format,
  householdId: householdId as HouseholdId,
  roots,
};
await writeFile(join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
process.stderr.write(`Made ${target}.\n`);

/** Two states of a device, and a package. */
async function fill(files: string, dataFolder: string): Promise<ExpectedRoot[]> {
  await using service = await startServiceProcess({ data: dataFolder });
  const agent = makeAgent({ home: join(files, 'agent'), url: service.url });
  await setUpHousehold(agent, service);
  const made: ExpectedRoot[] = [];
  for (const day of [1, 2]) {
    const { folder } = await buildBackup(join(files, String(day)), { files: backupFiles(day) });
    const { snapshotId } = await agent.ok('push', folder);
    made.push({ id: snapshotId, kind: 'snapshot', entries: await expectedOfFolder(folder) });
  }
  const file = join(files, 'Beispiel für naïve 📱.ipa');
  const store = { externalVersionId: 830_001_234, version: '2.0' };
  await writeFile(file, buildPackage({ metadata: storeMetadata(store), version: '2.0' }));
  const [item] = (await agent.ok('app', 'add', file)).items;
  if (item?.status !== 'added') throw new Error('the package was not added');
  made.push({ id: item.artifactId, kind: 'artifact', entries: await expectedOfPackage(file) });
  return made;
}

/** One of each: empty, short, cut by content, stored raw, with a recipe of its own chunks, and enough for a tree of two levels. */
function backupFiles(day: number): BackupFileSpec[] {
  const dice = createDice('fixture');
  const file = (path: string, content: string | Buffer): BackupFileSpec => {
    const mtime = 1_700_000_000.25 + day;
    return { domain: 'HomeDomain', path, content, digest: 'right', mtime };
  };
  const lines = Array.from(
    { length: 30_000 },
    (_, n) => `Nothing of what a household keeps is lost: line ${n} of a long text.\n`,
  );
  return [
    { domain: 'HomeDomain', path: '', type: 'folder' },
    file('Library/empty', ''),
    file('Library/short', `day ${day}`),
    file('Library/long.txt', lines.join('') + (day === 2 ? 'and more' : '')),
    file('Library/noise', dice.bytes(140 * 1024)),
    ...Array.from({ length: 150 }, (_, n) => file(`Library/many/${n}`, `file ${n}`)),
  ];
}
