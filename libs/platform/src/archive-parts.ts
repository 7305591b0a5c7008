import {
  AbandonUpload,
  Attempts,
  Bin,
  BrowseSnapshot,
  ChunkProofs,
  CollectGarbage,
  CommitUpload,
  Devices,
  Challenges,
  ChangePassword,
  ConfirmPassword,
  DeviceCodes,
  EndMembership,
  HouseholdSettings,
  HouseholdSpaces,
  Invitations,
  KeepUp,
  Members,
  OpenUpload,
  QuotaGate,
  OwnSignIns,
  PasskeySignIn,
  Passkeys,
  ProviderSignIn,
  ReadArtifact,
  ReceiveChunks,
  ReportStorage,
  Retention,
  ScrubVault,
  SecondFactors,
  SetUpHousehold,
  Shares,
  SignIn,
  StreamSnapshot,
  TidyUploads,
  Tokens,
} from '@rootcellar/archive';
import type {
  AuditTrail,
  HouseholdChanges,
  JobQueue,
  PeopleCatalog,
  Scratch,
  SetupToken,
  UpkeepWindow,
  Vaults,
} from '@rootcellar/archive';
import {
  PgAccountCatalog,
  PgAttemptCatalog,
  PgAuditTrail,
  PgBinCatalog,
  PgChunkIndex,
  PgCollectionCatalog,
  PgDeviceCatalog,
  PgDeviceCodeCatalog,
  PgInvitationCatalog,
  PgMaintenanceCatalog,
  PgMemberCatalog,
  PgPasskeyCatalog,
  PgPeopleCatalog,
  PgProofCatalog,
  PgQuotaCatalog,
  PgReadingCatalog,
  PgRetentionCatalog,
  PgRootCatalog,
  PgShareCatalog,
  PgSharingCatalog,
  PgProviderCatalog,
  PgSecondFactorCatalog,
  PgSpaceCatalog,
  PgTokenCatalog,
  PgUploadCatalog,
  RecentPrincipals,
} from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import type { AccountId, Clock, HouseholdId } from '@rootcellar/model';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import type { Crew } from '@rootcellar/vault';
import { MasterKeyVaults } from './master-key-vaults.js';
import { MasterKeySeals } from './sign-in/master-key-seals.js';
import type { Providers } from './sign-in/open-providers.js';
import { webauthnCeremonies } from './sign-in/webauthn-ceremonies.js';

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
  const accounts = new PgAccountCatalog(database, clock, (id) => people.forgetAccount(id));
  const signIns = composeSignIn(adapters, people, accounts);
  const trail = new PgAuditTrail(database, clock);
  const readers = { reading, vaults, audit: trail };
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
    audit: trail,
    vaults,
    jobs,
    changes: adapters.changes,
    ...signIns,
    setUpHousehold: new SetUpHousehold({
      ...{ people, vaults, setupToken, clock, attempts: signIns.attempts },
    }),
    householdSettings: new HouseholdSettings({ sharing: settings, quotas: quotaCatalog }),
    invitations: new Invitations({ invitations, people, accounts, vaults, clock }),
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

function composeSignIn(
  { database, clock, masterKey, providers }: Adapters,
  people: PgPeopleCatalog,
  accounts: PgAccountCatalog,
): SignInUseCases {
  const ended = (accountId: AccountId): void => people.forgetAccount(accountId);
  const factors = new PgSecondFactorCatalog(database, clock, ended);
  const passkeys = new PgPasskeyCatalog(database, clock, ended);
  const seals = new MasterKeySeals(masterKey);
  const attempts = new Attempts({ catalog: new PgAttemptCatalog(database), seals, clock });
  const challenges = new Challenges({ seals, accounts, clock });
  const confirmPassword = new ConfirmPassword(accounts, attempts);
  const secondFactors = new SecondFactors({
    ...{ factors, accounts, confirmPassword, attempts, seals, clock },
  });
  const signIn = new SignIn({
    ...{ people, accounts, factors, passkeys, secondFactors, challenges, attempts, clock },
  });
  const ceremonies = webauthnCeremonies;
  return {
    ...{ attempts, signIn, secondFactors },
    passkeySignIn: new PasskeySignIn({ passkeys, ceremonies, challenges, attempts, signIn, clock }),
    providerSignIn: new ProviderSignIn({
      ...{ ...providers, accounts, challenges, signIn, clock },
      links: new PgProviderCatalog(database, clock, ended),
    }),
    passkeys: new Passkeys({ passkeys, accounts, ceremonies, challenges, clock }),
    changePassword: new ChangePassword(accounts, confirmPassword),
    ownSignIns: new OwnSignIns(accounts, clock),
  };
}
