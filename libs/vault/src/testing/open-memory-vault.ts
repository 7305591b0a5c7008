import { systemClock } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import type { Crew } from '../crew.js';
import { newHouseholdKey } from '../household-key.js';
import { HouseholdVault } from '../household-vault.js';
import type { VaultParts } from '../household-vault.js';
import { MemoryChunkIndex } from './memory-chunk-index.js';

/** A household's vault in memory, with one open upload. */
export interface MemoryVault {
  readonly vault: HouseholdVault;
  readonly parts: VaultParts;
  readonly index: MemoryChunkIndex;
  readonly holder: UploadId;
}

/** @param objects another store than one of its own */
export function openMemoryVault(
  crew: Crew,
  objects: DeletableObjectStore = createMemoryObjectStore(),
): MemoryVault {
  const index = new MemoryChunkIndex();
  const householdKey = newHouseholdKey();
  const parts = { objects, index, crew, clock: systemClock, householdKey };
  return { vault: new HouseholdVault(parts), parts, index, holder: index.openUpload() };
}
