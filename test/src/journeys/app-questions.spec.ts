import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup, buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { PackageSpec } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';

const APP = 'com.example.timer';
let household: Household;
/** Version → id of its package. */
const packages = new Map<string, string>();

const SUBSCRIPTION: PackageSpec = {
  frameworks: ['RevenueCat'],
  extra: [
    {
      name: 'Payload/Example.app/en.lproj/Localizable.strings',
      content: '"restore" = "Restore Purchases";',
    },
  ],
  info: { NSCameraUsageDescription: 'To scan' },
};
const VERSIONS: Readonly<Record<string, PackageSpec>> = {
  '3.0': {},
  '4.0': SUBSCRIPTION,
  '5.0': { ...SUBSCRIPTION, info: { MinimumOSVersion: '26.0' } },
};

beforeAll(async () => {
  household = await openHousehold();
  const { agent, room } = household;
  const library = join(room, 'packages');
  await mkdir(library);
  for (const [version, spec] of Object.entries(VERSIONS)) {
    const metadata = storeMetadata({
      ...{ bundleId: APP, version: version === '3.0' ? '2.9' : version },
      externalVersionId: Number.parseInt(version, 10),
    });
    const bytes = buildPackage({ bundleId: APP, name: 'Timer', version, metadata, ...spec });
    await writeFile(join(library, `${version}.ipa`), bytes);
  }
  const { items } = await agent.ok('app', 'add', library);
  for (const { version, artifactId } of items) packages.set(version, artifactId);
  const backup = await buildBackup(join(room, 'backups'), {
    ...{ productType: 'iPhone14,5', productVersion: '17.5.1', deviceName: 'Ada’s iPhone' },
    apps: [{ bundleId: APP, version: '4.0' }],
  });
  await agent.ok('push', backup.folder);
}, 60_000);
afterAll(async () => household.close());

const idOf = (version: string): string => packages.get(version) ?? '';

const UNKNOWN = '0197a000-0000-7000-8000-000000000000';

describe('app diff', () => {
  it('says what changed from one package to the other', async () => {
    const answer = await household.agent.ok('app', 'diff', idOf('3.0'), idOf('4.0'));

    expect(answer).toMatchObject({
      ...{ app: 'same', permissions: { added: ['NSCameraUsageDescription'] } },
      before: { id: idOf('3.0'), problems: [{ code: 'metadata-other-version' }] },
      after: { id: idOf('4.0'), version: '4.0', problems: [] },
      frameworks: { added: ['RevenueCat'], removed: [] },
    });
  });

  it('knows no package that is not there, and no other form of an id', async () => {
    const { agent } = household;
    const codeOf = async (...args: string[]): Promise<number | null> =>
      (await agent.run('app', 'diff', idOf('3.0'), ...args)).code;

    expect(await codeOf(UNKNOWN)).toBe(10);
    expect(await codeOf('x')).toBe(2);
    expect(await codeOf(idOf('4.0'), '--files', 'all')).toBe(2);
  });
});

describe('app signals', () => {
  it('suggests since when, until somebody says it', async () => {
    const { agent } = household;
    const command = `rootcellar app subscription ${APP} --from 4.0`;
    expect(await agent.ok('app', 'signals', APP)).toMatchObject({
      subscriptionFrom: null,
      suggestion: {
        from: '4.0',
        text: `4.0 brings RevenueCat and words like “Restore Purchases”: if it went subscription-only, say \`${command}\`.`,
      },
    });

    await agent.ok(...command.split(' ').slice(1));

    const said = await agent.ok('app', 'signals', APP);
    expect(said).toMatchObject({ subscriptionFrom: '4.0', suggestion: null });
    expect((await agent.run('app', 'signals', 'com.example.none')).code).toBe(10);
  });
});

describe('app check', () => {
  it.each([
    ['3.0', 0, 'yes'],
    ['5.0', 3, 'no'],
  ])('of %s ends with %d', async (version, code, installs) => {
    const ended = await household.agent.run('app', 'check', idOf(version));

    expect(ended.code).toBe(code);
    expect(ended.json().items).toMatchObject([
      { installs, device: { installed: { version: '4.0' } } },
    ]);
  });

  it('asks about one device', async () => {
    const { agent } = household;

    const answer = await agent.ok('app', 'check', idOf('3.0'), '--device', 'Ada’s iPhone');

    expect(answer.items).toMatchObject([{ device: { name: 'Ada’s iPhone' }, installs: 'yes' }]);
    expect((await agent.run('app', 'check', idOf('3.0'), '--device', 'no phone')).code).toBe(10);
    expect((await agent.run('app', 'check', UNKNOWN)).code).toBe(10);
  });

  it('shows what in a package contradicts it, as `app versions` does', async () => {
    const { agent } = household;
    const problems = [
      {
        code: 'metadata-other-version',
        message:
          "The store's description says version 2.9; the app itself says 3.0, and that counts.",
      },
    ];

    const checked = await agent.ok('app', 'check', idOf('3.0'));
    const { items } = await agent.ok('app', 'versions', APP);

    expect(checked).toMatchObject({ package: { problems } });
    expect(items.flatMap(({ artifacts }) => artifacts)).toContainEqual(
      expect.objectContaining({ id: idOf('3.0'), problems }),
    );
  });
});
