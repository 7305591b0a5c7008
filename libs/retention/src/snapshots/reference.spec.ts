import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planRetention } from '../plan-retention.js';
import { arbitrarySnapshots, arbitraryZone } from '../testing/arbitrary-input.js';
import { referenceKept } from '../testing/reference-snapshots.js';
import { NOTHING } from '../testing/sample-items.js';

const count = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 9 }));
const rules = fc.record({
  withinHours: fc.constantFrom(0, 0, 5, 48, 9000),
  ...{ last: count, hourly: count, daily: count, weekly: count, monthly: count, yearly: count },
});

describe('counting', () => {
  it('keeps what a slow reading of the rules keeps, in 10,000 histories', () => {
    fc.assert(
      fc.property(
        arbitrarySnapshots('phone', 14),
        rules,
        arbitraryZone,
        (snapshots, { withinHours, ...counts }, timeZone) => {
          const how = { now: NOTHING.now, timeZone };
          const policy = { snapshots: { ...counts, within: `${withinHours}h` } };
          const { items } = planRetention({ ...NOTHING, ...how, policy, snapshots });

          expect(new Set(items.filter(({ keep }) => keep).map(({ id }) => id))).toEqual(
            referenceKept(snapshots, { withinHours, ...counts }, how),
          );
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
