import { ArchiveError, newId } from '@rootcellar/model';
import type { Clock, DeviceId } from '@rootcellar/model';
import { doerOf } from '../people/origin-of.js';
import type { DeviceCatalog } from '../ports/device-catalog.js';
import type { AlertId, HoldCatalog, HoldId, NewHold, OnDevice } from '../ports/hold-catalog.js';
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

  /**
   * Without a version, the one that the device's newest backup shows.
   * @throws ArchiveError NOT_FOUND (no such device, or its newest backup does not show the app), FORBIDDEN
   */
  async set(actor: Actor, request: HoldRequest): Promise<NewHold> {
    const { deviceId, bundleId } = request;
    const device = await this.#devices.find(actor.householdId, deviceId);
    if (device === undefined || !isKnown(actor, device.ownerId)) throw noDevice();
    if (!mayChangeDevice(actor, device)) throw notYours();
    const { version, build, externalVersionId } = isNamed(request)
      ? request
      : await this.#installed(actor, request);
    const id = newId<HoldId>(this.#clock);
    const { householdId } = actor;
    const hold = { id, householdId, deviceId, bundleId, version, build, externalVersionId };
    await this.#catalog.set({ ...hold, planId: undefined }, doerOf(actor));
    return { ...hold, planId: undefined };
  }

  async #installed(actor: Actor, { deviceId, bundleId }: HoldRequest): Promise<NamedVersion> {
    const now = await this.#catalog.installedNow(actor, deviceId, bundleId);
    if (now !== undefined && isNamed(now)) return now;
    throw new ArchiveError(
      'NOT_FOUND',
      'The device’s newest backup does not say which version of this app is installed. Nothing was changed.',
      { hint: 'Say which version is to stay.' },
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

function isNamed({ version, externalVersionId }: NamedVersion): boolean {
  return version !== undefined || externalVersionId !== undefined;
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
