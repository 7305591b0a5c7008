import {
  AbandonUpload,
  Bin,
  BrowseSnapshot,
  ChunkProofs,
  CollectGarbage,
  CommitUpload,
  Devices,
  DeviceCodes,
  EndMembership,
  HouseholdSettings,
  HouseholdSpaces,
  Invitations,
  KeepUp,
  Members,
  OpenUpload,
  QuotaGate,
  ReadArtifact,
  ReceiveChunks,
  ReportStorage,
  Retention,
  ScrubVault,
  SetUpHousehold,
  Shares,
  SignIn,
  StreamSnapshot,
  TidyUploads,
  Tokens,
} from '@rootcellar/archive';
import type {
  HouseholdChanges,
  JobQueue,
  PeopleCatalog,
  Scratch,
  SetupToken,
  UpkeepWindow,
  Vaults,
} from '@rootcellar/archive';
import {
  PgBinCatalog,
  PgChunkIndex,
  PgCollectionCatalog,
  PgDeviceCatalog,
  PgDeviceCodeCatalog,
  PgInvitationCatalog,
  PgMaintenanceCatalog,
  PgMemberCatalog,
  PgPeopleCatalog,
  PgProofCatalog,
  PgQuotaCatalog,
  PgReadingCatalog,
  PgRetentionCatalog,
  PgRootCatalog,
  PgShareCatalog,
  PgSharingCatalog,
  PgSpaceCatalog,
  PgTokenCatalog,
  PgUploadCatalog,
  RecentPrincipals,
} from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import type { Clock, HouseholdId } from '@rootcellar/model';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import type { Crew } from '@rootcellar/vault';
import { MasterKeyVaults } from './master-key-vaults.js';

/** The adapters a process was started with. */
export interface Adapters {
  readonly database: Database;
  readonly objects: DeletableObjectStore;
  readonly jobs: JobQueue;
  readonly changes: HouseholdChanges;
  readonly scratch: Scratch;
  readonly setupToken: SetupToken;
  readonly crew: Crew;
  readonly clock: Clock;
  readonly masterKey: Uint8Array;
  readonly upkeep: UpkeepSettings;
}

/** How a household's upkeep is done. */
export interface UpkeepSettings {
  readonly window: UpkeepWindow;
  /** Seconds a condemned pack waits before it is deleted. */
  readonly graceSeconds: number;
  /** How long writing a pack anew waits at most while anybody uploads. */
  readonly patienceSeconds: number;
  /** Bytes free on the disk that holds the objects; `undefined` where nobody can say. */
  readonly freeBytes: () => Promise<number | undefined>;
}

/** Every use case, wired. What api and worker are handed. */
export interface Archive {
  readonly people: PeopleCatalog;
  readonly vaults: Vaults;
  readonly jobs: JobQueue;
  readonly changes: HouseholdChanges;
  readonly setUpHousehold: SetUpHousehold;
  readonly householdSettings: HouseholdSettings;
  readonly signIn: SignIn;
  readonly invitations: Invitations;
  readonly members: Members;
  readonly endMembership: EndMembership;
  readonly tokens: Tokens;
  readonly deviceCodes: DeviceCodes;
  readonly openUpload: OpenUpload;
  readonly receiveChunks: ReceiveChunks;
  readonly commitUpload: CommitUpload;
  readonly abandonUpload: AbandonUpload;
  readonly streamSnapshot: StreamSnapshot;
  readonly browseSnapshot: BrowseSnapshot;
  readonly readArtifact: ReadArtifact;
  readonly devices: Devices;
  readonly shares: Shares;
  readonly scrubVault: ScrubVault;
  readonly tidyUploads: TidyUploads;
  readonly bin: Bin;
  readonly retention: Retention;
  readonly storage: ReportStorage;
  readonly keepUp: KeepUp;
  readonly collectGarbage: CollectGarbage;
  /** Seconds a condemned pack waits before it is deleted, unless somebody asks for less. */
  readonly graceSeconds: number;
  readonly households: () => Promise<readonly HouseholdId[]>;
}

/** Adapters in, use cases out. The only place that knows both. */
export function composeArchive(adapters: Adapters): Archive {
  const { database, objects, jobs, scratch, setupToken, crew, clock, masterKey, upkeep } = adapters;
  const recent = new RecentPrincipals(clock);
  const people = new PgPeopleCatalog(database, clock, recent);
  const uploads = new PgUploadCatalog(database);
  const roots = new PgRootCatalog(database, clock);
  const reading = new PgReadingCatalog(database, clock);
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
  const bin = new PgBinCatalog(database, clock);
  const policies = new PgRetentionCatalog(database, clock);
  const space = new PgSpaceCatalog(database);
  const spaces = new HouseholdSpaces(space);
  const quotaCatalog = new PgQuotaCatalog(database, clock);
  const quotas = new QuotaGate({ quotas: quotaCatalog, spaces, clock });
  const settings = new PgSharingCatalog(database, clock);
  const proofs = new ChunkProofs(new PgProofCatalog(database, space), clock);
  const { window, graceSeconds, patienceSeconds, freeBytes } = upkeep;
  const retention = new Retention({
    ...{ retention: policies, bin, spaces, quotas: quotaCatalog, clock, graceSeconds },
  });
  const storage = new ReportStorage({
    ...{ space, spaces, retention: policies, quotas: quotaCatalog, clock, freeBytes },
  });
  const memberships = new PgMemberCatalog(database, clock, recent);
  const endMembership = new EndMembership({
    members: memberships,
    retention: policies,
    spaces,
    clock,
  });
  const invitations = new PgInvitationCatalog(database, clock, recent);
  return {
    people,
    vaults,
    jobs,
    changes: adapters.changes,
    setUpHousehold: new SetUpHousehold({ people, vaults, setupToken, clock }),
    householdSettings: new HouseholdSettings({ sharing: settings, quotas: quotaCatalog }),
    signIn: new SignIn(people, clock),
    invitations: new Invitations({ invitations, people, vaults, clock }),
    members: new Members(memberships),
    endMembership,
    tokens: new Tokens(new PgTokenCatalog(database, clock, recent), clock),
    deviceCodes: new DeviceCodes({
      codes: new PgDeviceCodeCatalog(database, clock),
      people,
      clock,
    }),
    openUpload: new OpenUpload({ uploads, vaults, clock, quotas }),
    receiveChunks: new ReceiveChunks({ uploads, vaults, clock, proofs, quotas }),
    commitUpload: new CommitUpload({
      ...{ uploads, roots, vaults, clock, proofs, space },
      committed: reading,
    }),
    abandonUpload: new AbandonUpload(uploads),
    streamSnapshot: new StreamSnapshot(readers),
    browseSnapshot: new BrowseSnapshot(readers, scratch),
    readArtifact: new ReadArtifact(readers),
    devices: new Devices(new PgDeviceCatalog(database, clock)),
    shares: new Shares(new PgShareCatalog(database, clock), clock),
    scrubVault: new ScrubVault(maintenance, vaults),
    tidyUploads: new TidyUploads({ uploads, maintenance, vaults }),
    bin: new Bin({ bin, retention: policies, spaces, clock }),
    ...{ retention, storage, graceSeconds },
    keepUp: new KeepUp({
      ...{ catalog: policies, retention, storage, spaces, window, clock, endMembership },
    }),
    collectGarbage: new CollectGarbage({
      ...{ bin, retention: policies, spaces, vaults, clock, patienceSeconds },
      collection: new PgCollectionCatalog(database, clock),
    }),
    households: async () => maintenance.households(),
  };
}
