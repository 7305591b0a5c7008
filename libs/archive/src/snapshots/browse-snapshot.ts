import { parseManifestBlob } from '@rootcellar/ios';
import type { Manifest, ManifestCursor, ManifestRow } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import type { ChunkId, SnapshotId } from '@rootcellar/model';
import type { HouseholdVault, TreeEntry } from '@rootcellar/vault';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadableSnapshot } from '../ports/root-catalog.js';
import type { Scratch } from '../ports/scratch.js';
import { findReadableSnapshot } from './find-readable.js';
import { noteRestore } from './note-restore.js';
import { readableDomains, withManifest } from './snapshot-manifest.js';
import type { FileStreamAnswer, ReadParts } from './stream-snapshot.js';

/** A domain, or a file, folder or link of one, as Manifest.db lists it. */
export interface BackupFile {
  /** fileID; a domain's own name. */
  readonly id: string;
  readonly domain: string;
  readonly path: string;
  readonly type: 'domain' | ManifestRow['type'];
  /** Bytes of a file. */
  readonly size: number | null;
  readonly modifiedAt: Date | null;
  /** Files of a domain. */
  readonly files: number | null;
}

export interface BackupFilePage {
  readonly items: BackupFile[];
  readonly nextCursor: string | null;
}

export interface BrowseRequest {
  readonly domain?: string | undefined;
  readonly path?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Looks into a snapshot by Apple's own list of files. For backups that are not encrypted. */
export class BrowseSnapshot {
  readonly #parts: ReadParts;
  readonly #scratch: Scratch;

  constructor(parts: ReadParts, scratch: Scratch) {
    this.#parts = parts;
    this.#scratch = scratch;
  }

  /**
   * Without a domain the domains, else what is at and below a path of one.
   * @throws ArchiveError NOT_FOUND, BACKUP_ENCRYPTED, BACKUP_MANIFEST_DAMAGED, INPUT_INVALID (cursor)
   */
  async list(actor: Actor, id: SnapshotId, request: BrowseRequest): Promise<BackupFilePage> {
    const { snapshot, vault } = await this.#open(actor, id);
    return this.#withManifest(vault, snapshot, async (manifest) => {
      const may = readableDomains(manifest, snapshot);
      if (request.domain === undefined) return Promise.resolve(domainPage(manifest, request, may));
      if (!may(request.domain)) return Promise.resolve({ items: [], nextCursor: null });
      return Promise.resolve(filePage(manifest, request));
    });
  }

  /**
   * Part of a snapshot under its own names, `<domain>/<path>`, with the times the device gave; links are left out.
   * @throws ArchiveError as `list`, RESTORE_NOTHING when nothing matches
   */
  async stream(
    actor: Actor,
    id: SnapshotId,
    part: { readonly domain: string; readonly path?: string | undefined },
  ): Promise<FileStreamAnswer> {
    const { snapshot, vault } = await this.#open(actor, id);
    const selection = { domain: part.domain, pathPrefix: part.path };
    const found = await this.#withManifest(vault, snapshot, async (manifest) =>
      Promise.resolve(
        readableDomains(manifest, snapshot)(part.domain) &&
          manifest.page({ ...selection, limit: 1 }).rows.length > 0,
      ),
    );
    if (!found) {
      throw new ArchiveError(
        'RESTORE_NOTHING',
        'Nothing in the snapshot matches this domain and path.',
        {
          hint: '`rootcellar snapshot ls` shows what is in it.',
        },
      );
    }
    await noteRestore(this.#parts.audit, actor, { snapshot, resumed: false, part: part.domain });
    return { bytes: this.#streamPart(vault, snapshot, selection) };
  }

  /** Manifest.db stays in use until the stream ends. */
  async *#streamPart(
    vault: HouseholdVault,
    snapshot: ReadableSnapshot,
    selection: { readonly domain: string; readonly pathPrefix: string | undefined },
  ): AsyncGenerator<Uint8Array> {
    const borrowed = await this.#borrowManifest(vault, snapshot);
    try {
      yield* vault.streamFiles(
        payloads(vault, snapshot.tree, borrowed.manifest.inPathOrder(selection)),
      );
    } finally {
      borrowed.giveBack();
    }
  }

  async #open(
    actor: Actor,
    id: SnapshotId,
  ): Promise<{ snapshot: ReadableSnapshot; vault: HouseholdVault }> {
    const snapshot = await findReadableSnapshot(this.#parts.reading, actor, id);
    if (snapshot.encrypted) {
      throw new ArchiveError(
        'BACKUP_ENCRYPTED',
        'This backup is encrypted: without its password nobody can see its files.',
        {
          hint: 'Restore it whole; the device or Finder asks for the password.',
        },
      );
    }
    return { snapshot, vault: await this.#parts.vaults.open(snapshot.householdId) };
  }

  async #withManifest<T>(
    vault: HouseholdVault,
    snapshot: ReadableSnapshot,
    use: (manifest: Manifest) => Promise<T>,
  ): Promise<T> {
    return withManifest(this.#scratch, vault, snapshot, use);
  }

  async #borrowManifest(
    vault: HouseholdVault,
    snapshot: ReadableSnapshot,
  ): Promise<{ manifest: Manifest; giveBack: () => void }> {
    const borrowed = Promise.withResolvers<Manifest>();
    const done = Promise.withResolvers<undefined>();
    this.#withManifest(vault, snapshot, async (manifest) => {
      borrowed.resolve(manifest);
      await done.promise;
    }).catch(borrowed.reject);
    return { manifest: await borrowed.promise, giveBack: () => done.resolve(undefined) };
  }
}

/** Domains behind the cursor that may be read, at most one more than a page. */
function domainsBehind(
  manifest: Manifest,
  { cursor, limit }: BrowseRequest,
  may: (domain: string) => boolean,
): ReturnType<Manifest['domains']> {
  const found: ReturnType<Manifest['domains']> = [];
  for (let after = cursor; ;) {
    const page = manifest.domains(after, limit + 1);
    found.push(...page.filter(({ domain }) => may(domain)));
    after = page.at(-1)?.domain;
    if (page.length <= limit || found.length > limit) return found.slice(0, limit + 1);
  }
}

function domainPage(
  manifest: Manifest,
  request: BrowseRequest,
  may: (domain: string) => boolean,
): BackupFilePage {
  const { limit } = request;
  const domains = domainsBehind(manifest, request, may);
  const items = domains.slice(0, limit).map(({ domain, files }): BackupFile => ({
    id: domain,
    domain,
    path: '',
    type: 'domain',
    size: null,
    modifiedAt: null,
    files,
  }));
  return { items, nextCursor: domains.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function filePage(
  manifest: Manifest,
  { domain, path, cursor, limit }: BrowseRequest,
): BackupFilePage {
  const { rows, next } = manifest.page({
    domain,
    pathPrefix: path,
    after: decodeCursor(cursor),
    limit,
  });
  return { items: rows.map(toFile), nextCursor: next === undefined ? null : encodeCursor(next) };
}

function toFile(row: ManifestRow): BackupFile {
  const { size, modifiedAt } = factsOf(row);
  const { fileId, domain, relativePath, type } = row;
  return {
    id: fileId,
    domain,
    path: relativePath,
    type,
    size: type === 'file' ? size : null,
    modifiedAt,
    files: null,
  };
}

/** A row whose blob is broken still has a name. */
function factsOf(row: ManifestRow): {
  readonly size: number | null;
  readonly modifiedAt: Date | null;
} {
  try {
    const facts = row.blob === undefined ? undefined : parseManifestBlob(row.blob);
    const seconds = facts?.lastModified;
    return {
      size: facts?.size ?? null,
      modifiedAt: seconds === undefined ? null : new Date(seconds * 1000),
    };
  } catch (error) {
    if (error instanceof ArchiveError) return { size: null, modifiedAt: null };
    throw error;
  }
}

function encodeCursor(cursor: ManifestCursor): string {
  return Buffer.from(JSON.stringify([cursor.domain, cursor.relativePath, cursor.fileId])).toString(
    'base64url',
  );
}

function decodeCursor(text: string | undefined): ManifestCursor | undefined {
  if (text === undefined) return undefined;
  try {
    const [domain, relativePath, fileId] = JSON.parse(
      Buffer.from(text, 'base64url').toString(),
    ) as unknown[];
    if (
      typeof domain === 'string' &&
      typeof relativePath === 'string' &&
      typeof fileId === 'string'
    ) {
      return { domain, relativePath, fileId };
    }
  } catch {
    // Said below.
  }
  throw new ArchiveError('INPUT_INVALID', 'The cursor is not one this list gave.');
}

/** The payloads of rows, under the names the rows give them. */
async function* payloads(
  vault: HouseholdVault,
  tree: ChunkId,
  rows: Iterable<ManifestRow>,
): AsyncGenerator<TreeEntry> {
  for (const row of rows) {
    const path = [row.domain, ...row.relativePath.split('/').filter((part) => part !== '')].join(
      '/',
    );
    const mtimeNs = BigInt(factsOf(row).modifiedAt?.getTime() ?? 0) * 1_000_000n;
    if (row.type === 'folder') {
      yield { path, type: 'folder', mtimeNs, size: 0, recipe: undefined };
    } else if (row.type === 'file') {
      const stored = await vault.trees.find(tree, `${row.fileId.slice(0, 2)}/${row.fileId}`);
      // A file that the backup lacked when it was pushed; the snapshot says that it is not complete.
      if (stored?.recipe !== undefined) yield { ...stored, path, mtimeNs };
    }
  }
}
