import type { HouseholdId } from '@rootcellar/model';
import type { HouseholdVault } from '@rootcellar/vault';

/** Opens a household's vault; one instance per household and process. */
export interface Vaults {
  /** A new household's key: made, wrapped and laid beside the packs. @returns the wrapped key for the catalog. */
  create(householdId: HouseholdId): Promise<Uint8Array>;
  /** @throws ArchiveError MASTER_KEY_WRONG, NOT_FOUND */
  open(householdId: HouseholdId): Promise<HouseholdVault>;
}
