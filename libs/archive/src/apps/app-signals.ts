import { describePackage } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import { oldestVersionFirst } from '@rootcellar/retention';
import type {
  AppSignalCatalog,
  SignalledApp,
  SignalledVersion,
} from '../ports/app-signal-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import type { ReadingCatalog } from '../ports/root-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import { ChunkMemory } from './chunk-memory.js';
import { PackageChunks } from './package-chunks.js';
import { notUnderstood, recipeOfPackage } from './package-file.js';
import { appearancesIn, suggestSubscription } from './suggest-subscription.js';
import type { SignalAppearance, SubscriptionSuggestion } from './suggest-subscription.js';
import { requireIosApp } from './require-ios-app.js';

/** Signs of how an app earns money, version by version: signs, not proofs. */
export interface AppSignalsReport {
  readonly bundleId: string;
  readonly name: string;
  /** Newest first; a page of them. */
  readonly items: readonly SignalledVersion[];
  readonly nextCursor: string | null;
  /** Of all versions. */
  readonly appearances: readonly SignalAppearance[];
  /** As a member said: the first version that wants a subscription, or the store's number of it. */
  readonly subscriptionFrom: string | undefined;
  readonly suggestion: SubscriptionSuggestion | undefined;
  /** Versions nobody looked into yet. */
  readonly unread: number;
}

export interface AppSignalsParts {
  readonly signals: AppSignalCatalog;
  readonly reading: ReadingCatalog;
  readonly vaults: Vaults;
}

/** So many packages that were kept before their contents were looked into are read while somebody waits; upkeep does the rest. */
const READ_NOW = 10;

export class AppSignals {
  readonly #parts: AppSignalsParts;

  constructor(parts: AppSignalsParts) {
    this.#parts = parts;
  }

  /** @throws ArchiveError NOT_FOUND: no version is kept that the actor may read */
  async execute(
    actor: Actor,
    bundleId: string,
    page: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<AppSignalsReport> {
    requireIosApp(bundleId);
    const app = await this.#parts.signals.findSignals(actor, bundleId);
    if (app === undefined) {
      throw new ArchiveError('NOT_FOUND', 'No version of this app is kept.', {
        hint: '`rootcellar app list` shows the apps.',
      });
    }
    const newestFirst = await this.#readSome(actor, inOrder(app));
    const oldestFirst = newestFirst.toReversed();
    const from = newestFirst.findIndex(({ id }) => id === page.cursor) + 1;
    const items = newestFirst.slice(from, from + page.limit);
    const more = newestFirst.length > from + page.limit;
    return {
      ...{ bundleId, name: app.name, items, subscriptionFrom: app.subscriptionFrom },
      nextCursor: more ? (items.at(-1)?.id ?? null) : null,
      appearances: appearancesIn(oldestFirst),
      suggestion:
        app.subscriptionFrom === undefined ? suggestSubscription(bundleId, oldestFirst) : undefined,
      unread: newestFirst.filter(({ unread }) => unread).length,
    };
  }

  async #readSome(
    actor: Actor,
    versions: readonly SignalledVersion[],
  ): Promise<readonly SignalledVersion[]> {
    const memory = new ChunkMemory();
    const read: SignalledVersion[] = [];
    let left = READ_NOW;
    for (const version of versions) {
      if (version.unread && left > 0) {
        left -= 1;
        read.push(await this.#read(actor, version, memory));
      } else read.push(version);
    }
    return read;
  }

  async #read(
    actor: Actor,
    version: SignalledVersion,
    memory: ChunkMemory,
  ): Promise<SignalledVersion> {
    const artifact = await this.#parts.reading.findArtifact(actor, version.artifactId);
    if (artifact === undefined) return version;
    const vault = await this.#parts.vaults.open(artifact.householdId);
    const chunks = await PackageChunks.of(vault, await recipeOfPackage(vault, artifact));
    try {
      const { signals } = await describePackage(chunks.reader(vault, memory), {
        size: artifact.size,
      });
      return { ...version, signals, unread: false };
    } catch (error) {
      const told = notUnderstood(error, artifact.fileName);
      if (told === error) throw error;
      return { ...version, unread: false };
    }
  }
}

function inOrder({ versions, storeList }: SignalledApp): SignalledVersion[] {
  const known = versions.map((version) => ({ ...version, identity: version.id, kept: version }));
  return oldestVersionFirst(known, storeList)
    .map(({ kept }) => kept)
    .reverse();
}
