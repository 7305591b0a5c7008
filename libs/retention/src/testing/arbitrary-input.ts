import fc from 'fast-check';
import type { AppFacts, DeviceFacts, SnapshotItem, VersionItem } from '../items.js';

const MINUTE = 60_000;

/** Zones, and instants around which their clocks change or weeks, months and years meet. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
const ANCHORS = [
  '2026-10-25T01:00:00Z', // Berlin: 03:00 → 02:00
  '2026-03-29T01:00:00Z', // Berlin: 02:00 → 03:00
  '2026-11-01T06:00:00Z', // New York: 02:00 → 01:00
  '2026-03-08T07:00:00Z', // New York: 02:00 → 03:00
  '2026-04-04T15:00:00Z', // Lord Howe: 02:00 → 01:30
  '2026-10-03T15:30:00Z', // Lord Howe: 02:00 → 02:30
  '2026-01-31T23:00:00Z', // a month ends within a week
  '2024-12-31T12:00:00Z', // a year ends within a week
].map((text) => Date.parse(text));

/** Distances in minutes: many within hours, days, months and years of an anchor. */
const distance = fc.oneof(
  fc.integer({ min: -180, max: 180 }),
  fc.integer({ min: -4 * 1440, max: 4 * 1440 }),
  fc.integer({ min: -100 * 1440, max: 100 * 1440 }),
  fc.integer({ min: -1500 * 1440, max: 1500 * 1440 }),
);

export const arbitraryZone = fc.constantFrom(...ZONES);

const instant = fc
  .tuple(fc.constantFrom(...ANCHORS), distance)
  .map(([anchor, minutes]) => anchor + minutes * MINUTE);

/** Snapshots of one device with ids of their own; some incomplete, pinned, equal in time, or from a clock ahead. */
export function arbitrarySnapshots(deviceId: string, maxLength = 24): fc.Arbitrary<SnapshotItem[]> {
  const item = fc.tuple(instant, fc.nat({ max: 19 }), fc.integer({ min: -30, max: 600 }));
  return fc.array(item, { maxLength, size: 'max' }).map((all) =>
    all.map(([time, traits, delay], index) => ({
      id: `${deviceId}-${index}`,
      deviceId,
      takenAt: new Date(traits === 0 ? time + 5 * 365 * 1440 * MINUTE : time),
      storedAt: new Date(time + delay * MINUTE),
      complete: traits % 5 !== 1,
      pinned: traits % 10 === 2,
    })),
  );
}

const shown = fc.option(
  fc.constantFrom('1.0', '1', '1.9', '1.10', '2.0', '2.0.1', '2.0b1', '3', 'x', '10.0'),
  { nil: undefined },
);
const storeNumber = fc.option(fc.constantFrom('8', '9', '10', '11', '12'), { nil: undefined });
const identity = fc.record({
  version: shown,
  build: fc.option(fc.constantFrom('1', '2', '10'), { nil: undefined }),
  externalVersionId: storeNumber,
});

/** Files of versions of a few apps; what files of one version say of it agrees. */
export const arbitraryVersions: fc.Arbitrary<VersionItem[]> = fc
  .tuple(
    fc.array(identity, { minLength: 8, maxLength: 8 }),
    fc.array(
      fc.record({
        app: fc.constantFrom('a', 'b'),
        of: fc.nat({ max: 7 }),
        addedAt: instant.map((time) => new Date(time)),
        minimumOs: fc.option(fc.constantFrom('9.0', '15.1', '26'), { nil: undefined }),
        deviceFamilies: fc.constantFrom([], [1], [2], [1, 2]),
        pinned: fc.nat({ max: 9 }).map((n) => n === 0),
      }),
      { maxLength: 20, size: 'max' },
    ),
  )
  .map(([identities, files]) =>
    files.map(({ app, of, ...file }, index) => ({
      ...file,
      ...(identities[of] ?? { version: undefined, build: undefined, externalVersionId: undefined }),
      id: `file-${index}`,
      bundleId: app,
      versionId: `${app}-${of}`,
    })),
  );

const installed = fc.record({ app: fc.constantFrom('a', 'b'), identity });
export const arbitraryDevices: fc.Arbitrary<DeviceFacts[]> = fc
  .array(
    fc.record({
      productType: fc.constantFrom('iPhone14,5', 'iPad13,1', 'iPod9,1', 'Toaster1,1', undefined),
      productVersion: fc.constantFrom('9.3', '15.1', '26.1', undefined),
      installed: fc.array(installed, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  )
  .map((devices) =>
    devices.map((device, index) => ({
      ...device,
      id: `device-${index}`,
      installed: device.installed.map(({ app, identity: its }) => ({ bundleId: app, ...its })),
    })),
  );

export const arbitraryApps: fc.Arbitrary<AppFacts[]> = fc.constantFrom<AppFacts[]>(
  [],
  [{ bundleId: 'a', subscriptionFrom: { version: '2.0' } }],
  [{ bundleId: 'a', subscriptionFrom: { externalVersionId: '10' } }, { bundleId: 'b' }],
);
