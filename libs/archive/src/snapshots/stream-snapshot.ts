import type { SnapshotId } from '@rootcellar/model';
import type { TreeEntry } from '@rootcellar/vault';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadingCatalog } from '../ports/root-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import { findWholeSnapshot } from './find-readable.js';
import { noteRestore } from './note-restore.js';
import type { AuditTrail } from '../ports/audit-trail.js';

export interface ReadParts {
  readonly reading: ReadingCatalog;
  readonly vaults: Vaults;
  readonly audit: AuditTrail;
}

export interface FileStreamAnswer {
  /** Bytes of the file stream, docs/protocol.md. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Gives a whole snapshot back, file after file in path order. */
export class StreamSnapshot {
  readonly #parts: ReadParts;

  constructor(parts: ReadParts) {
    this.#parts = parts;
  }

  /**
   * @param after only what comes behind this path: goes on with an interrupted restore
   * @throws ArchiveError NOT_FOUND, FORBIDDEN (only an app of it was shared); once the stream runs, errors are its last record
   */
  async execute(actor: Actor, id: SnapshotId, after?: string): Promise<FileStreamAnswer> {
    const snapshot = await findWholeSnapshot(this.#parts.reading, actor, id);
    await noteRestore(this.#parts.audit, actor, { snapshot, resumed: after !== undefined });
    const vault = await this.#parts.vaults.open(snapshot.householdId);
    return { bytes: vault.streamFiles(vault.trees.entries(snapshot.tree, after)) };
  }

  /** Entries without their bytes, a page at a time. */
  async list(
    actor: Actor,
    id: SnapshotId,
    page: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly Pick<TreeEntry, 'path' | 'type' | 'size' | 'mtimeNs'>[]> {
    const snapshot = await findWholeSnapshot(this.#parts.reading, actor, id);
    const vault = await this.#parts.vaults.open(snapshot.householdId);
    const entries: TreeEntry[] = [];
    for await (const entry of vault.trees.entries(snapshot.tree, page.after)) {
      if (entries.length === page.limit) break;
      entries.push(entry);
    }
    return entries;
  }
}
