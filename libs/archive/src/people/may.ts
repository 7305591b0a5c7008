import { ArchiveError } from '@rootcellar/model';
import type { MemberId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';

/**
 * What a role may do, in one place. What may be *read* is decided by the gate of the catalog (`libs/catalog/src/gate`), which asks whose
 * something is and not for roles; here it is asked of what is in memory already: sizes, plans, the bin.
 */

interface Owned {
  /** Whom it belongs to. */
  readonly memberId: MemberId;
  /** Everybody of the household reads it. */
  readonly householdWide: boolean;
}

interface OwnedRoot extends Owned {
  readonly kind: 'snapshot' | 'artifact';
}

/** The roots a member may name and see sizes of: own ones and the household's. An administrator is nobody else here. */
export function maySee(actor: Actor, root: Owned): boolean {
  return root.memberId === actor.memberId || root.householdWide;
}

/** A package that its owner keeps for themselves: rules leave it alone, and nobody else hears of it. */
export function isPrivatePackage(root: OwnedRoot): boolean {
  return root.kind === 'artifact' && !root.householdWide;
}

/** Pinning, forgetting and bringing back: the owner's, and an administrator's for all that policies may remove. */
export function mayKeep(actor: Actor, root: OwnedRoot): boolean {
  if (root.memberId === actor.memberId) return true;
  return actor.role === 'admin' && !isPrivatePackage(root);
}

/** @throws ArchiveError FORBIDDEN for a limited member */
export function requireMayRemove(actor: Actor): void {
  if (actor.role !== 'limited') return;
  throw new ArchiveError('FORBIDDEN', 'This member may not remove anything. Nothing was changed.', {
    hint: 'An administrator of the household can.',
  });
}

interface OwnedDevice {
  /** Undefined: the household's. */
  readonly ownerId: MemberId | undefined;
}

/** Pushing for a device that is known. Whoever pushes reads nothing by it: the snapshot is its owner's. */
export function mayPushFor(
  actor: Actor,
  device: OwnedDevice & { readonly pushers: readonly MemberId[] },
): boolean {
  if (device.ownerId === actor.memberId || device.ownerId === undefined) return true;
  return actor.role === 'admin' || device.pushers.includes(actor.memberId);
}

/** Saying whose a new device is. */
export function mayBringDeviceOf(actor: Actor, ownerId: MemberId | undefined): boolean {
  if (ownerId === actor.memberId) return true;
  return ownerId === undefined ? actor.role !== 'limited' : actor.role === 'admin';
}

/** Renaming, retiring and the like; the household's devices are everybody's but a limited member's. */
export function mayChangeDevice(actor: Actor, { ownerId }: OwnedDevice): boolean {
  return ownerId === undefined ? actor.role !== 'limited' : ownerId === actor.memberId;
}

/** Giving a device away, or taking it out of use: its owner's, and an administrator's who looks after the household. */
export function mayAssignDevice(actor: Actor, device: OwnedDevice): boolean {
  return actor.role === 'admin' || (actor.role !== 'limited' && mayChangeDevice(actor, device));
}
