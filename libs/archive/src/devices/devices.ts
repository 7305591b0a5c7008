import { ArchiveError } from '@rootcellar/model';
import type { DeviceId, MemberId } from '@rootcellar/model';
import { mayAssignDevice, mayChangeDevice } from '../people/may.js';
import { doerOf } from '../people/origin-of.js';
import type { DeviceCatalog, DeviceChange, KnownDevice } from '../ports/device-catalog.js';
import type { Actor } from '../ports/people-catalog.js';

const LINE_MAX = 50;

/** Whose devices are, what they are called, and what they continue. Moves no snapshot: each stays with whom it belongs to. */
export class Devices {
  readonly #catalog: DeviceCatalog;

  constructor(catalog: DeviceCatalog) {
    this.#catalog = catalog;
  }

  /** @throws ArchiveError NOT_FOUND (no such device to change, no such member), FORBIDDEN, INPUT_INVALID */
  async change(actor: Actor, id: DeviceId, change: DeviceChange): Promise<void> {
    const device = await this.#catalog.find(actor.householdId, id);
    if (device === undefined) throw noDevice();
    this.#requireMay(actor, device, change);
    const { owner, successorOf, pushers } = change;
    await this.#requireMembers(actor, owner === 'household' || owner === undefined ? [] : [owner]);
    await this.#requireMembers(actor, pushers ?? []);
    if (successorOf !== undefined && successorOf !== null)
      await this.#requirePredecessor(actor, device, successorOf);
    await this.#catalog.change(actor.householdId, id, change, doerOf(actor));
  }

  #requireMay(actor: Actor, device: KnownDevice, change: DeviceChange): void {
    const { owner, name, successorOf, pushers } = change;
    const ofItsOwner = [name, successorOf, pushers].some((value) => value !== undefined);
    const mayChange = mayChangeDevice(actor, device);
    const mayAssign = mayAssignDevice(actor, device);
    const may = mayChange || (mayAssign && !ofItsOwner);
    if (!may || (owner !== undefined && !mayAssign)) throw this.#refusal(actor, device);
  }

  /** Who may not even know of it hears the same as of none. */
  #refusal(actor: Actor, { ownerId }: KnownDevice): ArchiveError {
    const known = ownerId === undefined || ownerId === actor.memberId || actor.role === 'admin';
    if (!known) return noDevice();
    return new ArchiveError(
      'FORBIDDEN',
      'This is its owner’s to decide, and not a limited member’s. Nothing was changed.',
    );
  }

  async #requireMembers(actor: Actor, ids: readonly MemberId[]): Promise<void> {
    if (ids.length === 0) return;
    const found = new Set(await this.#catalog.members(actor.householdId, ids));
    if (ids.some((id) => !found.has(id)))
      throw new ArchiveError('NOT_FOUND', 'There is no such member of your household.');
  }

  async #requirePredecessor(actor: Actor, device: KnownDevice, before: DeviceId): Promise<void> {
    const older = await this.#catalog.find(actor.householdId, before);
    if (older === undefined || !mayChangeDevice(actor, older)) throw noDevice();
    if (older.ownerId !== device.ownerId) {
      throw new ArchiveError(
        'INPUT_INVALID',
        'A device continues one of the same owner. Nothing was changed.',
      );
    }
    const next = await this.#catalog.successorOf(actor.householdId, before);
    if (next !== undefined && next !== device.id)
      throw new ArchiveError('INPUT_INVALID', 'Another device continues that one already.');
    let at: KnownDevice | undefined = older;
    for (let steps = 0; at !== undefined && steps < LINE_MAX; steps += 1) {
      if (at.id === device.id)
        throw new ArchiveError('INPUT_INVALID', 'A device cannot continue itself.');
      at =
        at.successorOf === undefined
          ? undefined
          : await this.#catalog.find(actor.householdId, at.successorOf);
    }
  }
}

function noDevice(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such device, or it is not yours.', {
    hint: '`rootcellar device list` shows yours.',
  });
}
