import { setImmediate } from 'node:timers/promises';
import type { MemberId } from '@rootcellar/model';
import { FairShares } from '@rootcellar/vault';
import type { Quotas } from '../ports/quota-catalog.js';
import type { Space } from '../space/household-spaces.js';

/** What is used of quotas, the bin included: it lies on the disk. Sealed bytes. */
export interface QuotaUse {
  readonly householdBytes: number;
  readonly members: ReadonlyMap<MemberId, MemberUse>;
}

export interface MemberUse {
  /** What counts towards the member's quota. */
  readonly usedBytes: number;
  /** What comes back when everything of the member's goes. */
  readonly freesBytes: number;
}

/**
 * Who pays what (docs/adr/0032): a chunk that several members' roots need is split evenly between them. Where sizes are told by member each
 * pays for all it needs: a share would tell what others have.
 */
export async function quotaUse(
  space: Space,
  { dedupByMember }: Pick<Quotas, 'dedupByMember'>,
): Promise<QuotaUse> {
  const shares = new FairShares(space.weights);
  for (const [id, roots] of Map.groupBy(space.inventory.roots, ({ memberId }) => memberId)) {
    shares.add(
      id,
      roots.map((root) => space.setOf(root)),
    );
    await setImmediate();
  }
  const result = shares.result();
  return {
    householdBytes: result.bytes,
    members: new Map(
      result.shares.map(({ id, neededBytes, fairBytes, aloneBytes }) => [
        id as MemberId,
        dedupByMember
          ? { usedBytes: neededBytes, freesBytes: neededBytes }
          : { usedBytes: fairBytes, freesBytes: aloneBytes },
      ]),
    ),
  };
}
