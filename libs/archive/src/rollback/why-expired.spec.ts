import { describe, expect, it } from '@jest/globals';
import type { ArtifactId, SnapshotId } from '@rootcellar/model';
import type { PlanGround, StoredRollbackPlan } from '../ports/rollback-catalog.js';
import { whyExpired } from './why-expired.js';

const INSTALLED = { version: '4.0', build: undefined, externalVersionId: undefined };
const PLAN: Pick<StoredRollbackPlan, 'restsOn' | 'state' | 'expiresAt' | 'begun'> = {
  ...{ state: 'planned', expiresAt: new Date(1000), begun: false },
  restsOn: {
    ...{ newestSnapshotId: 'new' as SnapshotId, dataSnapshotId: 'data' as SnapshotId },
    ...{ artifactId: 'package' as ArtifactId, installed: INSTALLED },
  },
};
const app = { ...INSTALLED, name: undefined, offloaded: false };
const GROUND: PlanGround = {
  ...{ deviceVisible: true, artifactReadable: true, dataReadable: true },
  newest: { id: 'new' as SnapshotId, app },
};

function codes(ground: Partial<PlanGround>, plan: Partial<typeof PLAN> = {}, now = 500): string[] {
  return whyExpired({ ...PLAN, ...plan }, { ...GROUND, ...ground }, new Date(now)).map(
    ({ code }) => code,
  );
}

describe('a plan', () => {
  const newer = { id: 'newer' as SnapshotId, app };

  it('holds while what it rests on stays', () => {
    expect(codes({})).toEqual([]);
  });

  it.each([
    [{ newest: newer }, ['newer-backup']],
    [
      { newest: { ...newer, app: { ...app, version: '4.1' } } },
      ['other-version-installed', 'newer-backup'],
    ],
    [{ newest: { ...newer, app: undefined } }, ['other-version-installed', 'newer-backup']],
    [{ newest: undefined }, ['other-version-installed', 'newer-backup']],
    [{ artifactReadable: false }, ['package-gone']],
    [{ dataReadable: false }, ['data-gone']],
    [{ deviceVisible: false, newest: undefined }, ['device-gone']],
  ])('expires by %j', (ground, why) => {
    expect(codes(ground)).toEqual(why);
  });

  it('expires by age', () => {
    expect(codes({}, {}, 1000)).toEqual(['too-old']);
  });

  it('does not need what it never rested on', () => {
    const restsOn = { ...PLAN.restsOn, artifactId: null, dataSnapshotId: null };

    expect(codes({ artifactReadable: false, dataReadable: false }, { restsOn })).toEqual([]);
  });

  it('whose first step was started, is not ended by that step’s backup, but by an update it shows', () => {
    const begun = { begun: true };

    expect(codes({ newest: newer }, begun, 5000)).toEqual([]);
    expect(codes({ newest: { ...newer, app: { ...app, version: '4.1' } } }, begun)).toEqual([
      'other-version-installed',
    ]);
  });

  it('once begun, is not ended by the backup the run makes, nor by age; only by what is still needed', () => {
    const late = 5000;

    expect(codes({ newest: newer }, { state: 'backed-up' }, late)).toEqual([]);
    expect(
      codes({ artifactReadable: false, dataReadable: false }, { state: 'backed-up' }, late),
    ).toEqual(['package-gone', 'data-gone']);
    expect(
      codes({ artifactReadable: false, dataReadable: false }, { state: 'installed' }, late),
    ).toEqual(['data-gone']);
    expect(
      codes(
        { artifactReadable: false, dataReadable: false, deviceVisible: false },
        { state: 'held' },
        late,
      ),
    ).toEqual([]);
  });
});
