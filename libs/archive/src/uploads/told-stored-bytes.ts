import { ChunkWeights, lackingBytes } from '@rootcellar/vault';
import type { WrittenRoot } from '@rootcellar/vault';
import type { SpaceCatalog } from '../ports/space-catalog.js';
import { readWeights } from '../space/read-weights.js';
import type { Upload } from '../ports/upload-catalog.js';
import type { UploadProof } from './chunk-proofs.js';

/**
 * What a member is told that a root took in the store. Where sizes are told by member: what it would have taken if nobody else had
 * anything here, so that it says nothing of what they have.
 */
export async function toldStoredBytes(
  { space }: { readonly space: Pick<SpaceCatalog, 'weights'> },
  of: { readonly upload: Upload; readonly written: WrittenRoot; readonly proof: UploadProof },
): Promise<number> {
  const { upload, written, proof } = of;
  if (!proof.dedupByMember || proof.alone) return upload.storedBytes + written.metadataBytes;
  const weights = new ChunkWeights();
  await readWeights(space, upload.householdId, weights);
  return lackingBytes(written.chunkSet, { has: (ordinal) => proof.owns(ordinal) }, weights);
}
