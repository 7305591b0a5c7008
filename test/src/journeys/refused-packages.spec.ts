import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPackage, writeZip } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { nestedBinaryPlist, repeatingBinaryPlist } from './hostile-plists.js';
import { noise } from './sample-content.js';

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
});
afterAll(async () => household.close());

const WHOLE = buildPackage();
const GIB = 1024 ** 3;

const REFUSED: readonly [what: string, code: string, bytes: Buffer][] = [
  ['an empty file', 'PACKAGE_NOT_ZIP', Buffer.alloc(0)],
  ['no zip', 'PACKAGE_NOT_ZIP', noise('no zip', 5000)],
  ['a zip cut in the middle', 'PACKAGE_NOT_ZIP', WHOLE.subarray(0, WHOLE.length / 2)],
  ['a zip cut at its end', 'PACKAGE_NOT_ZIP', WHOLE.subarray(0, WHOLE.length - 1)],
  [
    'a zip bomb for Info.plist',
    'PACKAGE_TOO_LARGE',
    buildPackage({ infoPlist: Buffer.alloc(80 * 1024 * 1024) }),
  ],
  [
    'an Info.plist that lies about its size',
    'PACKAGE_NOT_ZIP',
    writeZip([
      {
        name: 'Payload/A.app/Info.plist',
        content: Buffer.alloc(4 * 1024 * 1024),
        claimedBytes: 100,
      },
    ]),
  ],
  [
    'a claim of more entries than it has',
    'PACKAGE_NOT_ZIP',
    buildPackage({ zip: { claimedEntries: 60_000 } }),
  ],
  [
    'a doubled entry',
    'PACKAGE_ENTRIES_UNSAFE',
    buildPackage({ extra: [{ name: 'Payload/Example.app/Info.plist', content: 'other' }] }),
  ],
  [
    'an entry that climbs',
    'PACKAGE_ENTRIES_UNSAFE',
    buildPackage({ extra: [{ name: 'Payload/../../etc/passwd', content: 'x' }] }),
  ],
  [
    'an entry with an absolute path',
    'PACKAGE_ENTRIES_UNSAFE',
    buildPackage({ extra: [{ name: '/etc/passwd', content: 'x' }] }),
  ],
  ['no Info.plist', 'PACKAGE_NO_APP', buildPackage({ infoPlist: null })],
  ['no app at all', 'PACKAGE_NO_APP', writeZip([{ name: 'readme', content: 'hello' }])],
  [
    'no version',
    'PACKAGE_NO_VERSION',
    buildPackage({ info: { CFBundleShortVersionString: undefined, CFBundleVersion: undefined } }),
  ],
  ['a password', 'PACKAGE_ENCRYPTED', buildPackage({ entries: { encrypted: true } })],
  ['lists in lists', 'PLIST_TOO_LARGE', buildPackage({ infoPlist: nestedBinaryPlist() })],
  [
    'a list that stands for billions',
    'PLIST_TOO_LARGE',
    buildPackage({ infoPlist: repeatingBinaryPlist() }),
  ],
];

describe('app add', () => {
  it('refuses each of a folder of broken packages by its code, and keeps the good one among them', async () => {
    const { agent, room } = household;
    const folder = join(room, 'packages');
    await mkdir(folder);
    for (const [what, , bytes] of REFUSED) await writeFile(join(folder, `${what}.ipa`), bytes);
    await writeFile(join(folder, 'zip64.ipa'), buildPackage({ zip: { zip64: true } }));

    const end = await agent.run('app', 'add', folder);

    const outcome = Object.fromEntries(
      end.json().items.map(({ file, status, code }) => [file, code ?? status]),
    );
    const expected = REFUSED.map(([what, code]) => [join(folder, `${what}.ipa`), code]);
    expect(outcome).toEqual({
      ...Object.fromEntries(expected),
      [join(folder, 'zip64.ipa')]: 'added',
    });
    expect(end.code).toBe(3);
    const { items } = await agent.ok('app', 'list');
    expect(items).toMatchObject([{ bundleId: 'com.example.app', artifacts: 1 }]);
  });

  it('takes a package whose other entries claim what nobody has, since nothing expands them', async () => {
    const { agent, room } = household;
    const bomb = { name: 'Payload/Example.app/bomb', content: 'small', claimedBytes: 3 * GIB };
    const bytes = buildPackage({ version: '9', extra: [bomb] });
    await writeFile(join(room, 'bomb.ipa'), bytes);

    const added = await agent.ok('app', 'add', join(room, 'bomb.ipa'));
    const to = join(room, 'back.ipa');
    await agent.ok('app', 'get', added.items[0]?.artifactId ?? '', '--to', to);

    expect(await readFile(to)).toEqual(bytes);
  });
});
