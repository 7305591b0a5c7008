import { ArchiveError } from '@rootcellar/model';
import type { MemberId } from '@rootcellar/model';
import { mayBringDeviceOf, mayPushFor } from '../people/may.js';
import type { Actor } from '../ports/people-catalog.js';
import type { Declared, UploadCatalog } from '../ports/upload-catalog.js';

/** Whose the device of a push is, and so whose the snapshot will be; undefined: the household's. */
export interface PushedDevice {
  readonly ownerId: MemberId | undefined;
}

type DeclaredSnapshot = Extract<Declared, { kind: 'snapshot' }>;

/**
 * For whom a member pushes. A device that is known belongs to whom it belongs; a new one to whom the push names, without that to who pushes.
 * Asked when an upload is opened, and once more when it is committed.
 * What others would read of a push must have been said by who pushes: an administrator may assign a device, and nobody’s nightly push may become
 * readable by that.
 * @throws ArchiveError NOT_FOUND (no such owner), DEVICE_OF_ANOTHER, FORBIDDEN, the same for a device that is another's and for one that was to be another's
 */
export async function deviceToPush(
  uploads: UploadCatalog,
  actor: Actor,
  { udid, owner }: DeclaredSnapshot,
): Promise<PushedDevice> {
  const wanted = owner === 'household' ? undefined : (owner ?? actor.memberId);
  const device = await uploads.findDevice(actor, udid);
  if (device === undefined) {
    await requireMayBring(uploads, actor, wanted);
    return { ownerId: wanted };
  }
  if (!mayPushFor(actor, device)) throw notYours();
  await requireOwnerStays(uploads, actor, device.ownerId);
  if (owner === undefined) {
    if (isSurprising(actor, device)) throw ofAnother(device.ownerId);
  } else if (wanted !== device.ownerId) throw ownedOtherwise();
  return { ownerId: device.ownerId };
}

async function requireOwnerStays(
  uploads: UploadCatalog,
  actor: Actor,
  ownerId: MemberId | undefined,
): Promise<void> {
  if (ownerId === undefined || ownerId === actor.memberId) return;
  if (!(await uploads.isMember(actor.householdId, ownerId))) throw ownerLeft();
}

async function requireMayBring(
  uploads: UploadCatalog,
  actor: Actor,
  ownerId: MemberId | undefined,
): Promise<void> {
  if (!mayBringDeviceOf(actor, ownerId)) throw notYours();
  if (ownerId === undefined || ownerId === actor.memberId) return;
  if (!(await uploads.isMember(actor.householdId, ownerId)))
    throw new ArchiveError('NOT_FOUND', 'There is no such member of the household.');
}

function isSurprising(
  actor: Actor,
  device: { readonly ownerId: MemberId | undefined; readonly heldBefore: boolean },
): boolean {
  return device.ownerId === undefined ? device.heldBefore : device.ownerId !== actor.memberId;
}

function ofAnother(ownerId: MemberId | undefined): ArchiveError {
  const owner = ownerId ?? 'household';
  return new ArchiveError(
    'DEVICE_OF_ANOTHER',
    'This device is not yours by now: the backup would be read by whose it is. Nothing was sent.',
    { details: { owner }, hint: `If that is right, push with \`--owner ${owner}\`.` },
  );
}

function notYours(): ArchiveError {
  return new ArchiveError(
    'FORBIDDEN',
    'This device belongs to another member of the household; nothing was sent.',
    {
      hint: 'An administrator may push for others, and so may whom the owner allows: `rootcellar device allow`.',
    },
  );
}

function ownerLeft(): ArchiveError {
  return new ArchiveError(
    'FORBIDDEN',
    'The device belongs to somebody who has left the household, or is leaving it; nothing was sent.',
    { hint: 'Give it to who has it now: `rootcellar device assign`.' },
  );
}

function ownedOtherwise(): ArchiveError {
  return new ArchiveError(
    'FORBIDDEN',
    'The device is known, and belongs to somebody else than --owner says; nothing was sent.',
    { hint: 'Push without --owner, or assign the device first: `rootcellar device assign`.' },
  );
}
