import type { InfoPlistFacts } from '../info-plist-facts.js';

/**
 * What is inside of a package, for telling two versions apart: taken from its directory, a few small lists and the edges of its executable,
 * never from the whole.
 */
export interface PackageDescription extends Pick<
  InfoPlistFacts,
  | 'bundleId'
  | 'name'
  | 'version'
  | 'build'
  | 'minimumOs'
  | 'deviceFamilies'
  | 'requiredCapabilities'
> {
  /** Bytes of all files, unpacked. */
  readonly bytes: number;
  /** Every file by its path; inside of the app it begins with `App/` whatever the app's folder is called. Folders are left out. */
  readonly files: ReadonlyMap<string, FileStamp>;
  /** `NSCameraUsageDescription` → the sentence the app asks with. */
  readonly permissions: ReadonlyMap<string, string>;
  readonly urlSchemes: readonly string[];
  readonly backgroundModes: readonly string[];
  /** Of the main executable's signature, or of the profile that lies beside it: name → value as JSON. Undefined when neither can be read. */
  readonly entitlements: ReadonlyMap<string, string> | undefined;
  /** Names of `Frameworks/*.framework`, without the ending. */
  readonly frameworks: readonly string[];
  /** Paths of the libraries the main executable is linked with. */
  readonly linkedLibraries: readonly string[];
  /** Names of `PlugIns/*.appex` and the like. */
  readonly extensions: readonly string[];
  /** `de`, `en`, `zh-Hans`: folders `*.lproj` beside Info.plist, without `Base`. */
  readonly localisations: readonly string[];
  readonly privacy: PrivacyManifest | undefined;
  readonly signals: readonly BusinessSignal[];
}

/** Tells whether a file changed, without reading it: both stand in the zip's directory. */
export interface FileStamp {
  readonly bytes: number;
  readonly crc32: number;
  /** Where it lies in the package, packed: from its own head on. */
  readonly place?: { readonly offset: number; readonly packedBytes: number };
}

/** The app's own PrivacyInfo.xcprivacy (developer.apple.com, "Privacy manifest files"). */
export interface PrivacyManifest {
  readonly tracking: boolean;
  readonly trackingDomains: readonly string[];
  /** `NSPrivacyCollectedDataTypeEmailAddress`, … */
  readonly collected: readonly string[];
  /** `NSPrivacyAccessedAPICategoryUserDefaults`, … */
  readonly accessedApis: readonly string[];
}

/** Something that speaks for a way of earning money; a sign, not a proof. */
export interface BusinessSignal {
  readonly kind: 'paywall-sdk' | 'in-app-purchase' | 'subscription-words' | 'store-price';
  /** What was found: the name of a part, a sentence of the app. */
  readonly evidence: string;
  /** Where: a path inside of the package. */
  readonly where: string;
}
