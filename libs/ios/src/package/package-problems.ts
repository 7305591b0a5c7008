import type { PackageFacts } from './inspect-package.js';

/** Something in a package that contradicts it, or is not what it should be. The package is kept all the same. */
export interface PackageProblem {
  readonly code:
    | 'metadata-unreadable'
    | 'metadata-too-large'
    | 'metadata-other-app'
    | 'metadata-other-version'
    | 'rights-missing'
    | 'rights-other-app'
    | 'rights-unreadable'
    | 'artwork-no-picture';
  /** One sentence for people: what is so, and what was believed instead. */
  readonly message: string;
}

/** Facts that an earlier release did not find are undefined. */
export type ProblemFacts = Pick<PackageFacts, 'version'> & {
  readonly [
    Name in
      | 'metadataProblem'
      | 'storeVersion'
      | 'sinfProblem'
      | 'artworkIsPicture'
      | 'fairPlayEncrypted'
      | 'hasSinf'
  ]?: PackageFacts[Name] | undefined;
};

const SENTENCES: Readonly<
  Record<Exclude<PackageProblem['code'], 'metadata-other-version'>, string>
> = {
  'metadata-unreadable':
    "The store's description (iTunesMetadata.plist) cannot be read and was ignored; what the app says of itself counts.",
  'metadata-too-large':
    "The store's description (iTunesMetadata.plist) is larger than any real one and was ignored; what the app says of itself counts.",
  'metadata-other-app':
    "The store's description (iTunesMetadata.plist) is of another app and was ignored; what the app says of itself counts.",
  'rights-missing':
    "The app is encrypted by the App Store and the buyer's rights (sinf) are not in the package: without them it installs and does not start.",
  'rights-other-app':
    "The buyer's rights (sinf) in the package are of another app: with them it installs and does not start.",
  'rights-unreadable': "What lies in the package as the buyer's rights (sinf) cannot be read.",
  'artwork-no-picture':
    "The store's picture of the app (iTunesArtwork) is no picture and is not shown.",
};

/** What a member should know of a package before relying on it; nothing for most. */
export function packageProblems(facts: ProblemFacts): PackageProblem[] {
  const { metadataProblem, sinfProblem, storeVersion, version } = facts;
  const found = (
    code: Exclude<PackageProblem['code'], 'metadata-other-version'>,
    is: boolean,
  ): PackageProblem[] => (is ? [{ code, message: SENTENCES[code] }] : []);
  return [
    ...found('metadata-unreadable', metadataProblem === 'unreadable'),
    ...found('metadata-too-large', metadataProblem === 'too-large'),
    ...found('metadata-other-app', metadataProblem === 'other-app'),
    ...otherVersion(version, storeVersion),
    ...found('rights-missing', facts.fairPlayEncrypted === true && facts.hasSinf === false),
    ...found('rights-other-app', sinfProblem === 'other-app'),
    ...found('rights-unreadable', sinfProblem === 'unreadable'),
    ...found('artwork-no-picture', facts.artworkIsPicture === false),
  ];
}

function otherVersion(version: string, storeVersion: string | undefined): PackageProblem[] {
  if (storeVersion === undefined || storeVersion === version) return [];
  return [
    {
      code: 'metadata-other-version',
      message: `The store's description says version ${storeVersion}; the app itself says ${version}, and that counts.`,
    },
  ];
}
