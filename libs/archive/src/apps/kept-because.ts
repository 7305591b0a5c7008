import type { ArtifactId } from '@rootcellar/model';
import { decideVersions, explainReason } from '@rootcellar/retention';
import type { HouseholdPolicy } from '@rootcellar/retention';
import { isPrivatePackage } from '../people/may.js';
import type { Actor } from '../ports/people-catalog.js';
import type { ArtifactRoot, Inventory } from '../ports/space-catalog.js';
import { subscriptionOf } from '../retention/make-plan.js';

export interface KeptBecause {
  /** Of retention's reasons; `private`: its owner keeps it for themselves; `no-policy`: nothing is removed. */
  readonly code: string;
  /** One short line of English. */
  readonly text: string;
}

/**
 * Why the packages of these apps stay, as far as their rules go: a budget may take some all the same. Reasons that would tell of others' devices
 * are left out.
 */
export function keptBecause(
  actor: Actor,
  inventory: Inventory,
  asked: {
    readonly bundleIds: readonly string[];
    readonly policy: HouseholdPolicy | undefined;
    readonly now: Date;
  },
): ReadonlyMap<ArtifactId, readonly KeptBecause[]> {
  const { bundleIds, policy, now } = asked;
  const apps = new Set(bundleIds);
  const packages = inventory.roots.filter(
    (root): root is ArtifactRoot =>
      root.kind === 'artifact' && root.bin === undefined && apps.has(root.bundleId),
  );
  const [own, ruled] = [
    packages.filter(isPrivatePackage),
    packages.filter((it) => !isPrivatePackage(it)),
  ];
  const ofOwn = own
    .filter(({ memberId }) => memberId === actor.memberId)
    .map((it) => [it.id, [...pinned(it), PRIVATE]] as const);
  if (policy === undefined)
    return new Map([...ofOwn, ...ruled.map((it) => [it.id, [...pinned(it), NO_POLICY]] as const)]);
  const names = new Map<string, string>(
    inventory.devices
      .filter(({ ownerId = actor.memberId }) => ownerId === actor.memberId)
      .map(({ id, name }) => [id, name]),
  );
  const verdicts = decideVersions(
    ruled.map((root) => ({ ...root, addedAt: root.storedAt })),
    {
      ...{ policy, now, devices: inventory.devices },
      apps: inventory.apps.map(({ bundleId, subscriptionFrom: from }) => ({
        bundleId,
        ...(from === undefined ? {} : { subscriptionFrom: subscriptionOf(from) }),
      })),
    },
  );
  const ofRules = [...verdicts].map(([{ id }, { reasons }]) => {
    const told = reasons.filter(({ deviceId }) => deviceId === undefined || names.has(deviceId));
    const lines = told.map((reason) => ({
      code: reason.code,
      text: explainReason(reason, (deviceId) => names.get(deviceId)),
    }));
    return [id as ArtifactId, lines] as const;
  });
  return new Map<ArtifactId, readonly KeptBecause[]>([...ofOwn, ...ofRules]);
}

const PRIVATE: KeptBecause = { code: 'private', text: 'yours alone: no rule removes it' };
const NO_POLICY: KeptBecause = {
  code: 'no-policy',
  text: 'the household has no retention policy: everything is kept',
};

function pinned(root: ArtifactRoot): readonly KeptBecause[] {
  return root.pinned ? [{ code: 'pinned', text: 'pinned' }] : [];
}
