import { comparePackages, describePackage } from '@rootcellar/ios';
import type {
  CompareOptions,
  PackageChanges,
  PackageDescription,
  PackageProblem,
  SharedFindings,
} from '@rootcellar/ios';
import type { ArtifactId } from '@rootcellar/model';
import type { LinkedApps } from '../ports/app-signal-catalog.js';
import type { InstallCatalog, PackageRecord } from '../ports/install-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadableArtifact, ReadingCatalog } from '../ports/root-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import { ChunkMemory } from './chunk-memory.js';
import { noSuchPackage } from './no-such-package.js';
import { PackageChunks } from './package-chunks.js';
import { problemsOf } from './package-facts.js';
import { notUnderstood, recipeOfPackage } from './package-file.js';
import { requireIosApp } from './require-ios-app.js';

export interface ComparedPackage extends Omit<PackageRecord, 'facts'> {
  readonly fileName: string;
  /** Of the package as a file. */
  readonly size: number;
  readonly problems: readonly PackageProblem[];
}

export interface ArtifactChanges extends PackageChanges {
  readonly before: ComparedPackage;
  readonly after: ComparedPackage;
  /** `linked`: under two bundle ids, and somebody said that one goes on as the other. */
  readonly app: 'same' | 'linked' | 'different';
  /** Of the later package as a file. */
  readonly stored: {
    /** In chunks the earlier one has too. */
    readonly sharedBytes: number;
    readonly newBytes: number;
  };
}

export interface CompareParts {
  readonly packages: InstallCatalog;
  readonly links: LinkedApps;
  readonly reading: ReadingCatalog;
  readonly vaults: Vaults;
}

/** One of two packages that are compared, opened. */
interface Side {
  readonly record: PackageRecord;
  readonly artifact: ReadableArtifact;
  readonly chunks: PackageChunks;
  readonly description: PackageDescription;
}

/** Tells what changed from one package to another, from what lies in the vault and without unpacking it. */
export class CompareArtifacts {
  readonly #parts: CompareParts;

  constructor(parts: CompareParts) {
    this.#parts = parts;
  }

  /**
   * @throws ArchiveError NOT_FOUND: one of both is not there, or not for the actor to read; PACKAGE_NOT_FOR_IOS,
   * PACKAGE_NOT_UNDERSTOOD, TOO_LARGE, CHUNK_DAMAGED …
   */
  async execute(
    actor: Actor,
    ids: { readonly before: ArtifactId; readonly after: ArtifactId },
    { largest }: Pick<CompareOptions, 'largest'> = {},
  ): Promise<ArtifactChanges> {
    const memory = new ChunkMemory();
    const signatures: SharedFindings['signatures'] = new Map();
    const found = await Promise.all(
      [ids.before, ids.after].map(async (id) => this.#find(actor, id)),
    );
    const [before, after] = await Promise.all(
      found.map(async (side) => this.#open(side, { memory, signatures })),
    );
    if (before === undefined || after === undefined) throw noSuchPackage();
    const newBytes = after.chunks.bytesLackedBy(before.chunks);
    const lacked = newBytes(0, after.chunks.bytes);
    return {
      ...comparePackages(before.description, after.description, {
        ...(largest === undefined ? {} : { largest }),
        newBytes,
      }),
      before: compared(before),
      after: compared(after),
      app: await this.#sameApp(actor, before.record.bundleId, after.record.bundleId),
      stored: { sharedBytes: after.chunks.bytes - lacked, newBytes: lacked },
    };
  }

  async #find(actor: Actor, id: ArtifactId): Promise<Pick<Side, 'record' | 'artifact'>> {
    const { packages, reading } = this.#parts;
    const [record, artifact] = [
      await packages.findPackage(actor, id),
      await reading.findArtifact(actor, id),
    ];
    if (record === undefined || artifact === undefined) throw noSuchPackage();
    requireIosApp(record.bundleId);
    return { record, artifact };
  }

  async #open(
    { record, artifact }: Pick<Side, 'record' | 'artifact'>,
    {
      memory,
      signatures,
    }: { readonly memory: ChunkMemory; readonly signatures: SharedFindings['signatures'] },
  ): Promise<Side> {
    const vault = await this.#parts.vaults.open(artifact.householdId);
    const chunks = await PackageChunks.of(vault, await recipeOfPackage(vault, artifact));
    const shared = {
      keyOf: (offset: number, length: number) => chunks.keyOf(offset, length),
      signatures,
    };
    try {
      const reader = chunks.reader(vault, memory);
      const description = await describePackage(reader, { size: artifact.size, shared });
      return { record, artifact, chunks, description };
    } catch (error) {
      throw notUnderstood(error, artifact.fileName);
    }
  }

  async #sameApp(actor: Actor, one: string, other: string): Promise<ArtifactChanges['app']> {
    if (one === other) return 'same';
    const linked = await this.#parts.links.areLinked(actor.householdId, one, other);
    return linked ? 'linked' : 'different';
  }
}

function compared({ record, artifact }: Side): ComparedPackage {
  const { facts, ...named } = record;
  const { fileName, size } = artifact;
  return { ...named, fileName, size, problems: problemsOf(facts) };
}
