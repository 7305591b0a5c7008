import { ArchiveError, newId } from '@rootcellar/model';
import type { Clock, DeviceId } from '@rootcellar/model';
import { doerOf } from '../people/origin-of.js';
import type { DeviceCatalog } from '../ports/device-catalog.js';
import type { AlertId, HoldCatalog, HoldId, OnDevice } from '../ports/hold-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import type { NamedVersion } from '../ports/rollback-catalog.js';
import { mayChangeDevice } from '../people/may.js';

export interface HoldRequest extends NamedVersion {
  readonly deviceId: DeviceId;
  readonly bundleId: string;
}

/** Which versions are to stay on which device, and what to do when a backup shows that one did not. A device's owner decides. */
export class Holds {
  readonly #catalog: HoldCatalog;
  readonly #devices: Pick<DeviceCatalog, 'find'>;
  readonly #clock: Clock;

  constructor(catalog: HoldCatalog, devices: Pick<DeviceCatalog, 'find'>, clock: Clock) {
    this.#catalog = catalog;
    this.#devices = devices;
    this.#clock = clock;
  }

  /** @throws ArchiveError NOT_FOUND, FORBIDDEN, INPUT_INVALID (no version at all) */
  async set(actor: Actor, { deviceId, ...request }: HoldRequest): Promise<HoldId> {
    if (request.version === undefined && request.externalVersionId === undefined)
      throw new ArchiveError('INPUT_INVALID', 'Say which version is to stay. Nothing was changed.');
    const device = await this.#devices.find(actor.householdId, deviceId);
    if (device === undefined || !isKnown(actor, device.ownerId)) throw noDevice();
    if (!mayChangeDevice(actor, device)) throw notYours();
    const { householdId } = actor;
    const id = newId<HoldId>(this.#clock);
    return this.#catalog.set(
      { id, householdId, deviceId, ...request, planId: undefined },
      doerOf(actor),
    );
  }

  /** By the device's owner; of the household's devices by an administrator. @throws ArchiveError NOT_FOUND, FORBIDDEN */
  async release(actor: Actor, id: HoldId): Promise<void> {
    const hold = await this.#catalog.find(actor.householdId, id);
    if (hold === undefined || !isKnown(actor, hold.deviceOwnerId)) throw noHold();
    if (hold.deviceOwnerId === undefined && actor.role !== 'admin') throw notYours();
    if (!(await this.#catalog.release(actor.householdId, id, doerOf(actor)))) throw noHold();
  }

  /** Says that it was seen; the hold stays. @throws ArchiveError NOT_FOUND, FORBIDDEN */
  async dismiss(actor: Actor, id: AlertId): Promise<void> {
    const alert = await this.#catalog.findAlert(actor.householdId, id);
    if (alert === undefined || !isKnown(actor, alert.deviceOwnerId)) throw noAlert();
    if (!mayDismiss(actor, alert)) throw notYours();
    if (!(await this.#catalog.dismiss(actor.householdId, id, doerOf(actor)))) throw noAlert();
  }
}

/** Which apps are on somebody's device is theirs to know; the household's devices are everybody's. */
function isKnown(actor: Actor, ownerId: OnDevice['deviceOwnerId']): boolean {
  return ownerId === undefined || ownerId === actor.memberId;
}

function mayDismiss(actor: Actor, { deviceOwnerId: ownerId }: OnDevice): boolean {
  return mayChangeDevice(actor, { ownerId });
}

function noDevice(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such device, or it is not yours.', {
    hint: '`rootcellar device list` shows yours.',
  });
}

function noHold(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such hold, or it is not yours.', {
    hint: '`rootcellar hold list` shows yours.',
  });
}

function noAlert(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such alert, or it is not yours.', {
    hint: '`rootcellar alert list` shows yours.',
  });
}

function notYours(): ArchiveError {
  return new ArchiveError(
    'FORBIDDEN',
    'The device is the household’s: this is an administrator’s to decide, or another full member’s. Nothing was changed.',
  );
}
