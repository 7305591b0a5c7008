export { androidAppId, isAndroidAppId } from './android-app.js';
export { continuityOf } from './continuity.js';
export type { Continuity, Signers } from './continuity.js';
export { inspectAndroidPackage } from './inspect-android-package.js';
export type { AndroidPackageFacts, SetPartFacts } from './inspect-android-package.js';
export { inspectApk } from './inspect-apk.js';
export type { ApkFacts } from './inspect-apk.js';
export type { ManifestFacts } from './read-manifest.js';
export type { Signing, SigningScheme } from './signing.js';
