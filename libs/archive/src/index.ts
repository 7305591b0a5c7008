export { AppSignals } from './apps/app-signals.js';
export type { AppSignalsReport } from './apps/app-signals.js';
export { CompareArtifacts } from './apps/compare-artifacts.js';
export type { ArtifactChanges, ComparedPackage } from './apps/compare-artifacts.js';
export type {
  AppSignalCatalog,
  SignalledApp,
  SignalledVersion,
  StoredSignal,
} from './ports/app-signal-catalog.js';
export { JudgeInstall } from './apps/judge-install.js';
export type { DeviceVerdict, JudgedPackage } from './apps/judge-install.js';
export { problemsOf } from './apps/package-facts.js';
export type {
  AppOnDevice,
  InstallCatalog,
  InstallDevice,
  PackageRecord,
} from './ports/install-catalog.js';
export { AppLinks } from './apps/app-links.js';
export { AppTimeline } from './apps/app-timeline.js';
export type {
  SeenOn,
  SnapshotWithData,
  TimelineEntry,
  TimelinePackage,
  TimelinePage,
} from './apps/app-timeline.js';
export type { ContentsChanges } from './apps/contents-changes.js';
export { GapRadar } from './apps/gap-radar.js';
export type { FoundGap, GapPage } from './apps/gap-radar.js';
export type { Gap, GapKind } from './apps/judge-gap.js';
export type { KeptBecause } from './apps/kept-because.js';
export type { SubscriptionPlace } from './apps/order-timeline.js';
export { ReadOlderFacts } from './apps/read-older-facts.js';
export type { ReadFactsReport } from './apps/read-older-facts.js';
export { versionIdentity } from './apps/version-identity.js';
export type {
  AppCatalog,
  AppLink,
  CurrentDevice,
  KeptVersion,
  PackageDetails,
  SeenOften,
  SeenVersion,
  StoreOrder,
  VersionNames,
} from './ports/app-catalog.js';
export type { AppFactsCatalog } from './ports/app-facts-catalog.js';
export { ReadArtifact } from './apps/read-artifact.js';
export type { ProofCatalog, ShownChunks, Standing } from './ports/proof-catalog.js';
export type { Claims, QuotaCatalog, Quotas, Reservation, Wanted } from './ports/quota-catalog.js';
export type { UploadTotals } from './ports/upload-catalog.js';
export type {
  AuditHead,
  AuditLine,
  AuditTrail,
  AuditVerification,
  Doer,
  Origin,
} from './ports/audit-trail.js';
export { doerOf, originOf } from './people/origin-of.js';
export { HouseholdSettings } from './quotas/household-settings.js';
export type { HouseholdView } from './quotas/household-settings.js';
export type { SharedHousehold, SharingCatalog } from './ports/sharing-catalog.js';
export type { LimitedUse, StorageUse } from './space/report-storage.js';
export { QuotaGate } from './quotas/quota-gate.js';
export type { QuotaState } from './quotas/quota-state.js';
export { ChunkProofs, UploadProof } from './uploads/chunk-proofs.js';
export type { ArtifactBytes } from './apps/read-artifact.js';
export { Bin } from './bin/bin.js';
export type { BinEntry, Forgotten, RootKind } from './bin/bin.js';
export { CollectGarbage } from './collection/collect-garbage.js';
export type { CollectOptions, CollectionReport } from './collection/collect-garbage.js';
export { Devices } from './devices/devices.js';
export { ScrubVault } from './maintenance/scrub-vault.js';
export type { ScrubFinding, ScrubProgress, ScrubReport } from './maintenance/scrub-vault.js';
export { TidyUploads } from './maintenance/tidy-uploads.js';
export type { TidyReport } from './maintenance/tidy-uploads.js';
export { administratorOnly } from './people/administrator-only.js';
export { isPrivatePackage, mayKeep, maySee, requireMayRemove } from './people/may.js';
export { DeviceCodes } from './people/device-codes.js';
export type { AskedForApproval } from './people/device-codes.js';
export { EndMembership } from './people/end-membership.js';
export type { EndedMembership, EndingWish } from './people/end-membership.js';
export { Invitations } from './people/invitations.js';
export type { Invited } from './people/invitations.js';
export { Members } from './people/members.js';
export { operatorOnly } from './people/operator-only.js';
export { Tokens } from './people/tokens.js';
export { hashPassword, verifyPassword } from './people/secrets.js';
export { SetUpHousehold } from './people/set-up-household.js';
export type { SetUpParts, SetUpRequest, SetupToken, SignedIn } from './people/set-up-household.js';
export {
  SESSION_IDLE_DAYS,
  authenticate,
  issueSignIn,
  memberActing,
  notLeaving,
  notSignedIn,
  renewSession,
  requireScope,
} from './people/sign-in.js';
export { Attempts, networkOf, rateLimited } from './sign-in/attempts.js';
export type { Attempt, AttemptKind, Trying } from './sign-in/attempts.js';
export { Challenges } from './sign-in/challenges.js';
export { ChangePassword } from './sign-in/change-password.js';
export { ConfirmPassword } from './sign-in/confirm-password.js';
export { OwnSignIns } from './sign-in/own-sign-ins.js';
export { PasskeySignIn } from './sign-in/passkey-sign-in.js';
export { Passkeys } from './sign-in/passkeys.js';
export type { PasskeyView } from './sign-in/passkeys.js';
export type { GroupRole } from './sign-in/group-roles.js';
export { ProviderSignIn } from './sign-in/provider-sign-in.js';
export { SecondFactors } from './sign-in/second-factors.js';
export { SignIn } from './sign-in/sign-in.js';
export type { Factor, SignInOutcome, SignInPlace } from './sign-in/sign-in.js';
export type { AttemptCatalog, AttemptCount } from './ports/attempt-catalog.js';
export type { Identity, IdentityProvider, ProviderChecks } from './ports/identity-provider.js';
export type { GivenRole, ProviderCatalog, ProviderIdentity } from './ports/provider-catalog.js';
export type { PasskeyCeremonies, RelyingParty } from './ports/passkey-ceremonies.js';
export type { SealPurpose, Seals } from './ports/seals.js';
export type {
  AccountCatalog,
  AccountSecrets,
  Change,
  OwnSignIn,
  PasskeyCatalog,
  PasskeyId,
  PasskeyKey,
  SecondFactorCatalog,
  SignInNote,
  StoredPasskey,
  Totp,
} from './ports/sign-in-catalog.js';
export type { BinCatalog, BinItem, DoneBy } from './ports/bin-catalog.js';
export type {
  CollectionCatalog,
  LivePack,
  PackChunk,
  RepackedSource,
} from './ports/collection-catalog.js';
export type { DeviceCatalog, DeviceChange, KnownDevice } from './ports/device-catalog.js';
export type {
  ChangeListener,
  HouseholdChange,
  HouseholdChanges,
} from './ports/household-changes.js';
export type {
  CollectionRequest,
  JobOrigin,
  JobQueue,
  JobState,
  JobView,
} from './ports/job-queue.js';
export type {
  DeviceCodeCatalog,
  DeviceCodeView,
  DeviceDecision,
  NewDeviceCode,
  Polled,
} from './ports/device-code-catalog.js';
export type {
  InvitationCatalog,
  InvitationView,
  Joined,
  Joining,
  NewInvitation,
} from './ports/invitation-catalog.js';
export type { Ending, MemberCatalog, MemberFacts } from './ports/member-catalog.js';
export type { TokenCatalog } from './ports/token-catalog.js';
export type { JobEnd, JobOptions, JobRequest, JobRequests, JobWish } from './ports/job-requests.js';
export type { MaintenanceLock, MaintenanceLocks } from './ports/maintenance-locks.js';
export type {
  Actor,
  HouseholdOf,
  Membership,
  NewAccount,
  NewCredential,
  NewHousehold,
  NewMember,
  PeopleCatalog,
  Principal,
  Profile,
  Renewal,
  Role,
  Scope,
} from './ports/people-catalog.js';
export type {
  Commit,
  MaintenanceCatalog,
  InstalledRecord,
  NewArtifact,
  NewRoot,
  NewSnapshot,
  PackRecord,
  ReadableArtifact,
  ReadableRoot,
  ReadableSnapshot,
  ReadingCatalog,
  RootCatalog,
  RootRecord,
} from './ports/root-catalog.js';
export type { RetentionCatalog, Upkeep } from './ports/retention-catalog.js';
export type { NewShare, ShareCatalog, ShareId, ShareableRoot } from './ports/share-catalog.js';
export { Shares } from './sharing/shares.js';
export type { ShareRequest } from './sharing/shares.js';
export type { Scratch } from './ports/scratch.js';
export type {
  ArtifactRoot,
  BinFacts,
  InstalledVersion,
  Inventory,
  KeptRoot,
  PackSpace,
  SnapshotRoot,
  SpaceCatalog,
  StorageDay,
} from './ports/space-catalog.js';
export type {
  Declared,
  Upload,
  UploadCatalog,
  UploadProgress,
  UploadState,
} from './ports/upload-catalog.js';
export type { Vaults } from './ports/vaults.js';
export type { EffectivePolicy, EffectiveRules } from './retention/effective-policy.js';
export { KeepUp } from './retention/keep-up.js';
export type { DueUpkeep } from './retention/keep-up.js';
export { makePlan } from './retention/make-plan.js';
export type { PlanGroup, PlanItem, RetentionPlan } from './retention/retention-plan.js';
export { Retention } from './retention/retention.js';
export type { AppliedPlan, RetentionView } from './retention/retention.js';
export { parseUpkeepWindow } from './retention/upkeep-window.js';
export type { UpkeepWindow } from './retention/upkeep-window.js';
export { HouseholdSpaces } from './space/household-spaces.js';
export type { Space } from './space/household-spaces.js';
export type { Forecast } from './space/forecast.js';
export { PlanRollback } from './rollback/plan-rollback.js';
export type { PlanRollbackParts, RollbackWish } from './rollback/plan-rollback.js';
export { ReadStoreFiles } from './rollback/read-store-files.js';
export { RollbackPlans, requireNotExpired } from './rollback/rollback-plans.js';
export type {
  Blocking,
  DowngradeCode,
  DowngradeFinding,
  DowngradeSafety,
  ExpiryCode,
  InstalledNow,
  LockedData,
  PlannedData,
  PlannedPackage,
  PlannedVersion,
  RollbackPlan,
  RollbackPlanContent,
  RollbackState,
  RollbackStep,
  RollbackStepName,
  Said,
  StoreFilePlace,
  Warning,
} from './rollback/rollback-plan.js';
export { compareNamed } from './rollback/version-order.js';
export { RollbackRuns } from './rollback/run/rollback-runs.js';
export { StreamPlanData } from './rollback/run/stream-plan-data.js';
export type { StepReport } from './rollback/run/step-report.js';
export { RUN_STEPS, follow, nextStep } from './rollback/run/follow.js';
export type { RunPosition, StepOutcome } from './rollback/run/follow.js';
export type {
  Claim,
  LockedRun,
  RunCatalog,
  RunChange,
  RunView,
  RunnerId,
  StepRecord,
  StepReportId,
} from './ports/run-catalog.js';
export { Holds } from './holds/holds.js';
export type { HoldRequest } from './holds/holds.js';
export type { AlertId, HoldCatalog, HoldId, NewHold, OnDevice } from './ports/hold-catalog.js';
export { whyExpired } from './rollback/why-expired.js';
export type {
  KeptPackage,
  NamedVersion,
  NewRollbackPlan,
  PlanGround,
  RestsOn,
  AppWishes,
  RollbackCatalog,
  RollbackDevice,
  SeenSnapshot,
  StoredRollbackPlan,
} from './ports/rollback-catalog.js';
export { ReportStorage, STORAGE_GROUPS } from './space/report-storage.js';
export type {
  GroupStorage,
  PackStorage,
  StorageGroup,
  StorageReport,
} from './space/report-storage.js';
export { BrowseSnapshot } from './snapshots/browse-snapshot.js';
export type { BackupFile, BackupFilePage, BrowseRequest } from './snapshots/browse-snapshot.js';
export { SnapshotCoverage } from './snapshots/snapshot-coverage.js';
export type { SnapshotCoverageReport } from './snapshots/snapshot-coverage.js';
export { StreamSnapshot } from './snapshots/stream-snapshot.js';
export type { FileStreamAnswer, ReadParts } from './snapshots/stream-snapshot.js';
export { continuityOf, isAndroidAppId } from '@rootcellar/android';
export type { Continuity, Signers } from '@rootcellar/android';
export type { ArtifactFacts } from './uploads/artifact-facts.js';
export { requireIosApp } from './apps/require-ios-app.js';
export { AbandonUpload } from './uploads/abandon-upload.js';
export type { CommittedArtifact } from './uploads/commit-artifact.js';
export type {
  CommitParts,
  CommittedSnapshot,
  MissingChunks,
  SnapshotClaims,
} from './uploads/commit-snapshot.js';
export { CommitUpload } from './uploads/commit-upload.js';
export { OpenUpload } from './uploads/open-upload.js';
export type { OpenUploadParts, OpenedUpload } from './uploads/open-upload.js';
export { ReceiveChunks } from './uploads/receive-chunks.js';
