import { describe, expect, it } from '@jest/globals';
import type { DeviceId, MemberId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import type { Inventory } from '../ports/space-catalog.js';
import { itemsFor } from './plan-for.js';

const device = (id: string, ownerId?: string): Inventory['devices'][number] => ({
  ...{ id: id as DeviceId, name: id, ownerId: ownerId as MemberId | undefined },
  ...{ productType: undefined, productVersion: undefined, installed: [], held: [] },
});
const DEVICES = [device('of Ada', 'ada'), device('of Bob', 'bob'), device('of all')];
const ADA = { memberId: 'ada' as MemberId, role: 'admin' } as Actor;

describe('a plan that is shown to an administrator', () => {
  it('does not tell which apps others have on their devices', () => {
    const reasons = [
      { code: 'on-device', deviceId: 'of Ada', text: 'an iPhone runs it' },
      { code: 'on-device', deviceId: 'of Bob', deviceKind: 'iPad', text: 'an iPad runs it' },
      { code: 'runnable', deviceId: 'of Bob', deviceKind: 'iPad', text: 'an iPad can run it' },
      { code: 'runnable', deviceId: 'of all', text: 'a device can run it' },
      { code: 'pinned', text: 'pinned' },
    ] as const;

    const [shown] = itemsFor(ADA, DEVICES, [{ reasons }]);

    expect(shown?.reasons).toEqual([
      ...[reasons[0], reasons[3], reasons[4]],
      { code: 'for-a-device', text: 'for a device of the household' },
    ]);
  });
});
