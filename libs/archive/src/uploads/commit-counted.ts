import { ArchiveError } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import type { ChunkNeeds, HouseholdVault, WrittenRoot } from '@rootcellar/vault';

const ATTEMPTS = 5;

/** Commits a root; when packs changed under it, counts its needs anew from its tree and tries again. */
export async function commitCounted<T extends { readonly status: string }>(
  vault: HouseholdVault,
  root: { readonly tree: ChunkId; readonly written: WrittenRoot },
  commit: (needs: ChunkNeeds) => Promise<T>,
): Promise<Exclude<T, { readonly status: 'packs-changed' }>> {
  let needs: ChunkNeeds = root.written;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const result = await commit(needs);
    if (result.status !== 'packs-changed')
      return result as Exclude<T, { readonly status: 'packs-changed' }>;
    needs = await vault.countRoot({ tree: root.tree, manifest: root.written.manifest });
  }
  throw new ArchiveError(
    'SERVER_BUSY',
    'The vault is being rearranged faster than this could be committed; nothing is lost.',
    {
      hint: 'Run the command again.',
    },
  );
}
