import type {
  AbandonUpload,
  AppSignals,
  AppLinks,
  AppTimeline,
  Attempts,
  AuditTrail,
  Bin,
  BrowseSnapshot,
  ChangePassword,
  CollectGarbage,
  CommitUpload,
  CompareArtifacts,
  DeviceCodes,
  Devices,
  EndMembership,
  GapRadar,
  Holds,
  HouseholdChanges,
  HouseholdSettings,
  Invitations,
  JobQueue,
  JudgeInstall,
  KeepUp,
  Members,
  OpenUpload,
  OwnSignIns,
  PasskeySignIn,
  Passkeys,
  PeopleCatalog,
  PlanRollback,
  ProviderSignIn,
  ReadArtifact,
  ReadOlderFacts,
  ReadStoreFiles,
  ReceiveChunks,
  ReportStorage,
  Retention,
  RollbackPlans,
  Scratch,
  RollbackRuns,
  ScrubVault,
  SecondFactors,
  SetUpHousehold,
  SetupToken,
  Shares,
  SignIn,
  SnapshotCoverage,
  StreamPlanData,
  StreamSnapshot,
  TidyUploads,
  Tokens,
  UpkeepWindow,
  Vaults,
} from '@rootcellar/archive';
import type { Database } from '@rootcellar/catalog';
import type { Clock, HouseholdId } from '@rootcellar/model';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import type { Crew } from '@rootcellar/vault';
import type { Providers } from './sign-in/open-providers.js';

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
  readonly providers: Providers;
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

/** Showing who one is. */
export interface SignInUseCases {
  readonly attempts: Attempts;
  readonly signIn: SignIn;
  readonly passkeySignIn: PasskeySignIn;
  readonly providerSignIn: ProviderSignIn;
  readonly passkeys: Passkeys;
  readonly secondFactors: SecondFactors;
  readonly changePassword: ChangePassword;
  readonly ownSignIns: OwnSignIns;
}

/** Every use case, wired. What api and worker are handed. */
export interface Archive extends SignInUseCases {
  readonly people: PeopleCatalog;
  /** For what changes nothing itself: what does writes its line in its own transaction. */
  readonly audit: AuditTrail;
  readonly vaults: Vaults;
  readonly jobs: JobQueue;
  readonly changes: HouseholdChanges;
  readonly setUpHousehold: SetUpHousehold;
  readonly householdSettings: HouseholdSettings;
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
  readonly snapshotCoverage: SnapshotCoverage;
  readonly readArtifact: ReadArtifact;
  readonly judgeInstall: JudgeInstall;
  readonly compareArtifacts: CompareArtifacts;
  readonly appSignals: AppSignals;
  readonly appTimeline: AppTimeline;
  readonly gapRadar: GapRadar;
  readonly appLinks: AppLinks;
  readonly readOlderFacts: ReadOlderFacts;
  readonly planRollback: PlanRollback;
  readonly rollbackPlans: RollbackPlans;
  readonly readStoreFiles: ReadStoreFiles;
  readonly devices: Devices;
  readonly shares: Shares;
  readonly holds: Holds;
  readonly rollbackRuns: RollbackRuns;
  readonly streamPlanData: StreamPlanData;
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
