import { ArchiveError } from '@rootcellar/model';
import type { ArtifactId } from '@rootcellar/model';
import { doerOf } from '../people/origin-of.js';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadParts } from '../snapshots/stream-snapshot.js';

export interface ArtifactBytes {
  readonly fileName: string;
  /** 64 hex digits: the receiver checks what it wrote. */
  readonly sha256: string;
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Gives a package back, exactly the file that came in. The library is the household's; a private package is its owner's and whose it was shared with. */
export class ReadArtifact {
  readonly #parts: ReadParts;

  constructor(parts: ReadParts) {
    this.#parts = parts;
  }

  /** @throws ArchiveError NOT_FOUND, CHUNK_DAMAGED … */
  async execute(actor: Actor, id: ArtifactId): Promise<ArtifactBytes> {
    const artifact = await this.#parts.reading.findArtifact(actor, id);
    if (artifact === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such package.');
    await this.#parts.audit.note(actor.householdId, [
      {
        ...{ action: 'downloaded', kind: 'artifact', id, ...doerOf(actor) },
        concernsId: artifact.ownerId,
      },
    ]);
    const vault = await this.#parts.vaults.open(artifact.householdId);
    for await (const entry of vault.trees.entries(artifact.tree)) {
      if (entry.recipe === undefined) break;
      const { fileName, sha256, size } = artifact;
      return { fileName, sha256, size, bytes: vault.files.stream(entry.recipe) };
    }
    throw new ArchiveError('TREE_DAMAGED', 'The package has no content in the vault.');
  }
}
