import type { PeopleCatalog, Vaults } from '@rootcellar/archive';
import type { Clock, HouseholdId } from '@rootcellar/model';
import { prefixedObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import {
  HouseholdVault,
  WRAPPED_KEY_KEY,
  newHouseholdKey,
  unwrapHouseholdKey,
  wrapHouseholdKey,
} from '@rootcellar/vault';
import type { ChunkIndex, Crew } from '@rootcellar/vault';

export interface VaultsParts {
  readonly objects: DeletableObjectStore;
  readonly people: Pick<PeopleCatalog, 'wrappedKey'>;
  readonly indexOf: (householdId: HouseholdId) => ChunkIndex;
  readonly crew: Crew;
  readonly clock: Clock;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
}

/** Opens households' vaults with the master key; keeps them open for the life of the process. */
export class MasterKeyVaults implements Vaults {
  readonly #parts: VaultsParts;
  readonly #open = new Map<HouseholdId, Promise<HouseholdVault>>();

  constructor(parts: VaultsParts) {
    this.#parts = parts;
  }

  async create(householdId: HouseholdId): Promise<Uint8Array> {
    const wrapped = wrapHouseholdKey(newHouseholdKey(), {
      masterKey: this.#parts.masterKey,
      householdId,
    });
    // Beside the packs as well: bucket and master key alone must be enough.
    await this.#objectsOf(householdId).put(WRAPPED_KEY_KEY, [wrapped]);
    return wrapped;
  }

  async open(householdId: HouseholdId): Promise<HouseholdVault> {
    const known = this.#open.get(householdId);
    if (known !== undefined) return known;
    const opening = this.#openVault(householdId);
    this.#open.set(householdId, opening);
    opening.catch(() => this.#open.delete(householdId));
    return opening;
  }

  async #openVault(householdId: HouseholdId): Promise<HouseholdVault> {
    const { people, indexOf, crew, clock, masterKey } = this.#parts;
    const householdKey = unwrapHouseholdKey(await people.wrappedKey(householdId), {
      masterKey,
      householdId,
    });
    return new HouseholdVault({
      objects: this.#objectsOf(householdId),
      index: indexOf(householdId),
      crew,
      clock,
      householdKey,
    });
  }

  #objectsOf(householdId: HouseholdId): DeletableObjectStore {
    return prefixedObjectStore(this.#parts.objects, `households/${householdId}/`);
  }
}
