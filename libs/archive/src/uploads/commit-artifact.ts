import { createHash } from 'node:crypto';
import type { EntryRecord } from '@rootcellar/chunking';
import { ArchiveError, newId } from '@rootcellar/model';
import type { ArtifactId, ChunkId } from '@rootcellar/model';
import type { HouseholdVault, Recipe, TreeEntry, WrittenTree } from '@rootcellar/vault';
import type { Upload } from '../ports/upload-catalog.js';
import { commitCounted } from './commit-counted.js';
import { missingChunks, withoutUndefined } from './commit-snapshot.js';
import type { CommitParts, MissingChunks } from './commit-snapshot.js';
import { notOpen } from './own-upload.js';
import { manifestFacts, readPackageFacts } from './artifact-facts.js';
import type { ArtifactFacts } from './artifact-facts.js';
import { packageReader, readStoredPackage } from './read-stored-package.js';
import { toldStoredBytes } from './told-stored-bytes.js';
import { writeEntries } from './write-entries.js';

export interface CommittedArtifact {
  readonly status: 'added' | 'already-kept';
  readonly artifactId: ArtifactId;
  readonly bundleId: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  readonly newBytes: number;
}

/** Makes an artifact of an upload: one file, read back whole, its SHA-256 checked, its package understood. */
export class CommitArtifact {
  readonly #parts: Omit<CommitParts, 'committed'>;

  constructor(parts: Omit<CommitParts, 'committed'>) {
    this.#parts = parts;
  }

  /** @throws ArchiveError UPLOAD_NOT_OPEN, UPLOAD_ENTRIES_INVALID, CHUNK_DIGEST_MISMATCH, PACKAGE_… */
  async execute(
    upload: Upload,
    declared: { readonly sha256: string; readonly fileName: string; readonly private?: true },
    entries: AsyncIterable<EntryRecord>,
  ): Promise<CommittedArtifact | MissingChunks> {
    const { uploads, vaults } = this.#parts;
    if (upload.state !== 'open' && upload.state !== 'committed') throw notOpen();

    const vault = await vaults.open(upload.householdId);
    const proof = await this.#parts.proofs.certain(upload);
    using root = vault.writeRoot(upload.id, proof);
    await writeEntries(root, entries);
    const tree = await root.finishTree();
    if (root.missing.size > 0) return await missingChunks(uploads, upload.id, root.missing);

    const { sha256, fileName } = declared;
    const file = await singleFile(vault, tree.root);
    await verifyDigest(vault, file.recipe, sha256);
    const facts = await readPackageFacts(packageReader(vault, file), { size: file.size });
    const artifact = {
      id: newId<ArtifactId>(this.#parts.clock),
      sha256,
      size: file.size,
      fileName,
      facts,
      ...(await readStoredPackage(vault, file, facts)),
    };
    const written = await root.finish(this.#manifest(upload, artifact, tree));
    const fresh = (await uploads.find(upload.id)) ?? upload;
    const storedBytes = await toldStoredBytes(this.#parts, { upload: fresh, written, proof });
    const result = await commitCounted(vault, { tree: tree.root, written }, async (needs) =>
      this.#parts.roots.commitArtifact(
        {
          id: artifact.id,
          uploadId: upload.id,
          householdId: upload.householdId,
          memberId: upload.memberId,
          ...(declared.private === true ? { householdWide: false } : {}),
          manifest: written.manifest,
          tree: tree.root,
          entries: tree.entries,
          bytes: tree.bytes,
          newBytes: fresh.newBytes,
          storedBytes,
          needs,
        },
        artifact,
      ),
    );
    return {
      status: result.status === 'already-kept' ? 'already-kept' : 'added',
      artifactId: result.status === 'already-kept' ? result.artifactId : artifact.id,
      bundleId: facts.bundleId,
      version: facts.version,
      build: facts.build,
      externalVersionId: facts.externalVersionId,
      newBytes: fresh.newBytes,
    };
  }

  /** docs/format.md, Root manifests. */
  #manifest(
    upload: Upload,
    artifact: { id: ArtifactId; sha256: string; fileName: string; facts: ArtifactFacts },
    tree: WrittenTree,
  ): Record<string, unknown> {
    return {
      v: 1,
      id: artifact.id,
      kind: 'artifact',
      household: upload.householdId,
      member: upload.memberId,
      created: this.#parts.clock.now().getTime(),
      tree: Buffer.from(tree.root, 'hex'),
      entries: tree.entries,
      bytes: tree.bytes,
      facts: withoutUndefined({
        fileName: artifact.fileName,
        sha256: Buffer.from(artifact.sha256, 'hex'),
        ...manifestFacts(artifact.facts),
      }),
    };
  }
}

async function singleFile(
  vault: HouseholdVault,
  tree: ChunkId,
): Promise<TreeEntry & { readonly recipe: Recipe }> {
  let found: TreeEntry | undefined;
  for await (const entry of vault.trees.entries(tree)) {
    if (found !== undefined)
      throw new ArchiveError('UPLOAD_ENTRIES_INVALID', 'An app package is one file.');
    found = entry;
  }
  if (found?.recipe === undefined)
    throw new ArchiveError('UPLOAD_ENTRIES_INVALID', 'An app package is one file.');
  return { ...found, recipe: found.recipe };
}

async function verifyDigest(
  vault: HouseholdVault,
  recipe: Recipe,
  expected: string,
): Promise<void> {
  const digest = createHash('sha256');
  for await (const bytes of vault.files.stream(recipe)) digest.update(bytes);
  if (digest.digest('hex') !== expected) {
    throw new ArchiveError(
      'CHUNK_DIGEST_MISMATCH',
      'The package that arrived is not the file it was announced as; it was not added.',
      {
        hint: 'The file may have changed while it was read: add it again.',
      },
    );
  }
}
