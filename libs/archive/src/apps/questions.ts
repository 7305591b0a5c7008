export { AppSignals } from './app-signals.js';
export type { AppSignalsReport } from './app-signals.js';
export { CompareArtifacts } from './compare-artifacts.js';
export type { ArtifactChanges, ComparedPackage } from './compare-artifacts.js';
export type { SignalAppearance, SubscriptionSuggestion } from './suggest-subscription.js';
export type {
  AppSignalCatalog,
  LinkedApps,
  SignalledApp,
  SignalledVersion,
  StoredSignal,
} from '../ports/app-signal-catalog.js';
export { JudgeInstall } from './judge-install.js';
export type {
  DeviceVerdict,
  Installability,
  InstallabilityRequest,
  JudgedPackage,
} from './judge-install.js';
export { problemsOf } from './package-facts.js';
export type {
  AppOnDevice,
  InstallCatalog,
  InstallDevice,
  PackageRecord,
} from '../ports/install-catalog.js';
