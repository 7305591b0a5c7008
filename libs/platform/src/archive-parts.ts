import {
  AbandonUpload,
  BrowseSnapshot,
  CommitUpload,
  OpenUpload,
  ReadArtifact,
  ReceiveChunks,
  ScrubVault,
  SetUpHousehold,
  SignIn,
  StreamSnapshot,
  TidyUploads,
} from '@rootcellar/archive';
import type { JobQueue, PeopleCatalog, Scratch, SetupToken, Vaults } from '@rootcellar/archive';
import {
  PgChunkIndex,
  PgMaintenanceCatalog,
  PgPeopleCatalog,
  PgReadingCatalog,
  PgRootCatalog,
  PgUploadCatalog,
} from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import type { Clock } from '@rootcellar/model';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import type { Crew } from '@rootcellar/vault';
import { MasterKeyVaults } from './master-key-vaults.js';

/** The adapters a process was started with. */
export interface Adapters {
  readonly database: Database;
  readonly objects: DeletableObjectStore;
  readonly jobs: JobQueue;
  readonly scratch: Scratch;
  readonly setupToken: SetupToken;
  readonly crew: Crew;
  readonly clock: Clock;
  readonly masterKey: Uint8Array;
}

/** Every use case, wired. What api and worker are handed. */
export interface Archive {
  readonly people: PeopleCatalog;
  readonly vaults: Vaults;
  readonly jobs: JobQueue;
  readonly setUpHousehold: SetUpHousehold;
  readonly signIn: SignIn;
  readonly openUpload: OpenUpload;
  readonly receiveChunks: ReceiveChunks;
  readonly commitUpload: CommitUpload;
  readonly abandonUpload: AbandonUpload;
  readonly streamSnapshot: StreamSnapshot;
  readonly browseSnapshot: BrowseSnapshot;
  readonly readArtifact: ReadArtifact;
  readonly scrubVault: ScrubVault;
  readonly tidyUploads: TidyUploads;
}

/** Adapters in, use cases out. The only place that knows both. */
export function composeArchive(adapters: Adapters): Archive {
  const { database, objects, jobs, scratch, setupToken, crew, clock, masterKey } = adapters;
  const people = new PgPeopleCatalog(database, clock);
  const uploads = new PgUploadCatalog(database);
  const roots = new PgRootCatalog(database, clock);
  const reading = new PgReadingCatalog(database);
  const maintenance = new PgMaintenanceCatalog(database);
  const vaults = new MasterKeyVaults({
    objects,
    people,
    indexOf: (householdId) => new PgChunkIndex(database, householdId),
    crew,
    clock,
    masterKey,
  });
  const readers = { reading, vaults };
  return {
    people,
    vaults,
    jobs,
    setUpHousehold: new SetUpHousehold({ people, vaults, setupToken, clock }),
    signIn: new SignIn(people, clock),
    openUpload: new OpenUpload({ uploads, vaults, clock }),
    receiveChunks: new ReceiveChunks({ uploads, vaults, clock }),
    commitUpload: new CommitUpload({ uploads, roots, vaults, clock, committed: reading }),
    abandonUpload: new AbandonUpload(uploads),
    streamSnapshot: new StreamSnapshot(readers),
    browseSnapshot: new BrowseSnapshot(readers, scratch),
    readArtifact: new ReadArtifact(readers),
    scrubVault: new ScrubVault(maintenance, vaults),
    tidyUploads: new TidyUploads({ uploads, maintenance, vaults }),
  };
}
