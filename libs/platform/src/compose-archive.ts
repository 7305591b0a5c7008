import {
  AbandonUpload,
  AppSignals,
  AppLinks,
  AppTimeline,
  Bin,
  BrowseSnapshot,
  ChunkProofs,
  CollectGarbage,
  CommitUpload,
  CompareArtifacts,
  GapRadar,
  HouseholdSpaces,
  JudgeInstall,
  KeepUp,
  OpenUpload,
  PlanRollback,
  QuotaGate,
  ReadArtifact,
  ReadOlderFacts,
  ReadStoreFiles,
  ReceiveChunks,
  ReportStorage,
  Retention,
  RollbackPlans,
  ScrubVault,
  SnapshotCoverage,
  StreamSnapshot,
  TidyUploads,
} from '@rootcellar/archive';
import type { AuditTrail, Vaults, EndMembership } from '@rootcellar/archive';
import {
  PgAppSignalCatalog,
  PgAppCatalog,
  PgAppFactsCatalog,
  PgAuditTrail,
  PgBinCatalog,
  PgChunkIndex,
  PgCollectionCatalog,
  PgInstallCatalog,
  PgMaintenanceCatalog,
  PgPeopleCatalog,
  PgProofCatalog,
  PgQuotaCatalog,
  PgReadingCatalog,
  PgRetentionCatalog,
  PgRollbackCatalog,
  PgRootCatalog,
  PgSpaceCatalog,
  PgUploadCatalog,
  RecentPrincipals,
} from '@rootcellar/catalog';
import { MasterKeyVaults } from './master-key-vaults.js';
import type { Adapters, Archive } from './archive.js';
import { composeRuns } from './compose-runs.js';
import { composePeople, composeSignIn } from './compose-people.js';

/** Adapters in, use cases out. The only place that knows both. */
export function composeArchive(adapters: Adapters): Archive {
  const { database, objects, jobs, crew, clock, masterKey } = adapters;
  const recent = new RecentPrincipals(clock);
  const people = new PgPeopleCatalog(database, clock, recent);
  const maintenance = new PgMaintenanceCatalog(database);
  const vaults = new MasterKeyVaults({
    objects,
    people,
    indexOf: (householdId) => new PgChunkIndex(database, householdId),
    crew,
    clock,
    masterKey,
  });
  const audit = new PgAuditTrail(database, clock);
  const keeping = { adapters, vaults, audit, ...composeSpace(adapters) };
  const signIns = composeSignIn(adapters, people);
  const reading = composeReading(keeping);
  const peopleUseCases = composePeople(keeping, { people, recent, attempts: signIns.attempts });
  const upkeep = composeUpkeep(keeping, maintenance, peopleUseCases.endMembership);
  return {
    ...{ people, audit, vaults, jobs, changes: adapters.changes },
    ...signIns,
    ...peopleUseCases,
    ...composeUploads(keeping),
    ...reading,
    ...upkeep,
    ...composeApps(keeping, upkeep),
    ...composeRuns(adapters, keeping),
    ...composeRollback(keeping, reading.judgeInstall),
    households: async () => maintenance.households(),
  };
}

/** What sizes and rules are made of, which most use cases share. */
interface Keeping {
  readonly adapters: Adapters;
  readonly vaults: Vaults;
  readonly audit: AuditTrail;
  readonly space: PgSpaceCatalog;
  readonly spaces: HouseholdSpaces;
  readonly quotaCatalog: PgQuotaCatalog;
  readonly quotas: QuotaGate;
  readonly bin: PgBinCatalog;
  readonly policies: PgRetentionCatalog;
  readonly uploads: PgUploadCatalog;
  readonly reading: PgReadingCatalog;
}

function composeSpace({
  database,
  clock,
}: Adapters): Omit<Keeping, 'adapters' | 'vaults' | 'audit'> {
  const space = new PgSpaceCatalog(database);
  const spaces = new HouseholdSpaces(space);
  const quotaCatalog = new PgQuotaCatalog(database, clock);
  return {
    ...{ space, spaces, quotaCatalog },
    quotas: new QuotaGate({ quotas: quotaCatalog, spaces, clock }),
    bin: new PgBinCatalog(database, clock),
    policies: new PgRetentionCatalog(database, clock),
    uploads: new PgUploadCatalog(database),
    reading: new PgReadingCatalog(database),
  };
}

type UploadUseCases = Pick<
  Archive,
  'openUpload' | 'receiveChunks' | 'commitUpload' | 'abandonUpload'
>;

function composeUploads(keeping: Keeping): UploadUseCases {
  const { vaults, uploads, quotas, space, reading } = keeping;
  const { database, clock } = keeping.adapters;
  const roots = new PgRootCatalog(database, clock);
  const proofs = new ChunkProofs(new PgProofCatalog(database, space), clock);
  return {
    openUpload: new OpenUpload({ uploads, vaults, clock, quotas }),
    receiveChunks: new ReceiveChunks({ uploads, vaults, clock, proofs, quotas }),
    commitUpload: new CommitUpload({
      ...{ uploads, roots, vaults, clock, proofs, space },
      committed: reading,
    }),
    abandonUpload: new AbandonUpload(uploads),
  };
}

type ReadingUseCases = Pick<
  Archive,
  | 'streamSnapshot'
  | 'browseSnapshot'
  | 'snapshotCoverage'
  | 'readArtifact'
  | 'judgeInstall'
  | 'compareArtifacts'
  | 'appSignals'
>;

function composeReading({ adapters, vaults, audit, reading }: Keeping): ReadingUseCases {
  const readers = { reading, vaults, audit };
  const packages = new PgInstallCatalog(adapters.database);
  const signals = new PgAppSignalCatalog(adapters.database);
  return {
    streamSnapshot: new StreamSnapshot(readers),
    browseSnapshot: new BrowseSnapshot(readers, adapters.scratch),
    snapshotCoverage: new SnapshotCoverage(readers, adapters.scratch),
    readArtifact: new ReadArtifact(readers),
    judgeInstall: new JudgeInstall(packages),
    compareArtifacts: new CompareArtifacts({ packages, links: signals, reading, vaults }),
    appSignals: new AppSignals({ signals, reading, vaults }),
  };
}

type RollbackUseCases = Pick<Archive, 'planRollback' | 'rollbackPlans' | 'readStoreFiles'>;

function composeRollback(
  { adapters, vaults, audit, reading }: Keeping,
  judgeInstall: Archive['judgeInstall'],
): RollbackUseCases {
  const { database, clock, scratch } = adapters;
  const readers = { reading, vaults, audit };
  const rollbacks = new PgRollbackCatalog(database, clock);
  const plans = new RollbackPlans(rollbacks, clock);
  const storeFiles = new ReadStoreFiles(readers, plans);
  return {
    planRollback: new PlanRollback({
      ...{ ...readers, scratch, rollbacks, plans, storeFiles, judgeInstall, clock },
    }),
    rollbackPlans: plans,
    readStoreFiles: storeFiles,
  };
}

type AppUseCases = Pick<Archive, 'appTimeline' | 'gapRadar' | 'appLinks' | 'readOlderFacts'>;

function composeApps(
  { adapters, vaults, policies }: Keeping,
  { storage }: Pick<UpkeepUseCases, 'storage'>,
): AppUseCases {
  const { database, clock } = adapters;
  const apps = new PgAppCatalog(database, clock);
  return {
    appTimeline: new AppTimeline({ apps, storage, retention: policies, clock }),
    gapRadar: new GapRadar(apps),
    appLinks: new AppLinks(apps),
    readOlderFacts: new ReadOlderFacts({
      ...{ facts: new PgAppFactsCatalog(database, clock), vaults, clock },
    }),
  };
}

type UpkeepUseCases = Pick<
  Archive,
  | 'scrubVault'
  | 'tidyUploads'
  | 'bin'
  | 'retention'
  | 'storage'
  | 'keepUp'
  | 'collectGarbage'
  | 'graceSeconds'
>;

function composeUpkeep(
  keeping: Keeping,
  maintenance: PgMaintenanceCatalog,
  endMembership: EndMembership,
): UpkeepUseCases {
  const { vaults, uploads, bin, policies, space, spaces, quotaCatalog } = keeping;
  const { database, clock, upkeep } = keeping.adapters;
  const { window, graceSeconds, patienceSeconds, freeBytes } = upkeep;
  const shared = { spaces, retention: policies, clock };
  const retention = new Retention({ ...shared, bin, quotas: quotaCatalog, graceSeconds });
  const storage = new ReportStorage({ ...shared, space, quotas: quotaCatalog, freeBytes });
  return {
    scrubVault: new ScrubVault(maintenance, vaults),
    tidyUploads: new TidyUploads({ uploads, maintenance, vaults }),
    bin: new Bin({ ...shared, bin }),
    ...{ retention, storage, graceSeconds },
    keepUp: new KeepUp({
      ...{ catalog: policies, retention, storage, spaces, window, clock, endMembership },
    }),
    collectGarbage: new CollectGarbage({
      ...{ ...shared, bin, vaults, patienceSeconds },
      collection: new PgCollectionCatalog(database, clock),
    }),
  };
}
