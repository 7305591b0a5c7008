import { packageProblems } from '@rootcellar/ios';
import type { InstallFacts, PackageProblem, ProblemFacts } from '@rootcellar/ios';

type Stored = Readonly<Record<string, unknown>>;

/** What decides about installing, out of a package's stored facts; what an earlier release did not find is missing in them. */
export function installFactsOf(facts: Stored): InstallFacts {
  return {
    minimumOs: textIn(facts, 'minimumOs'),
    deviceFamilies: listIn(facts, 'deviceFamilies', isNumber),
    supportedPlatforms: listIn(facts, 'supportedPlatforms', isText),
    requiredCapabilities: listIn(facts, 'requiredCapabilities', isText),
    architectures: listIn(facts, 'architectures', isText),
    fairPlayEncrypted: booleanIn(facts, 'fairPlayEncrypted'),
    hasSinf: booleanIn(facts, 'hasSinf') ?? false,
    appleIdPresent: booleanIn(facts, 'appleIdPresent') ?? false,
    sinfProblem: oneOf(SINF_PROBLEMS, facts['sinfProblem']),
  };
}

/** Whether the buyer's rights are in the package. */
export function hasSinf(facts: Stored): boolean {
  return booleanIn(facts, 'hasSinf') ?? false;
}

/** Whether the store's description is in the package. */
export function hasMetadata(facts: Stored): boolean {
  return booleanIn(facts, 'hasMetadata') ?? false;
}

/** What in a package contradicts it, or is not what it should be. */
export function problemsOf(facts: Stored): PackageProblem[] {
  const known: ProblemFacts = {
    version: textIn(facts, 'version') ?? '',
    storeVersion: textIn(facts, 'storeVersion'),
    metadataProblem: oneOf(METADATA_PROBLEMS, facts['metadataProblem']),
    sinfProblem: oneOf(SINF_PROBLEMS, facts['sinfProblem']),
    artworkIsPicture: booleanIn(facts, 'artworkIsPicture'),
    fairPlayEncrypted: booleanIn(facts, 'fairPlayEncrypted'),
    hasSinf: booleanIn(facts, 'hasSinf'),
  };
  return packageProblems(known);
}

const SINF_PROBLEMS = ['other-app', 'unreadable'] as const;
const METADATA_PROBLEMS = ['unreadable', 'too-large', 'other-app'] as const;

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((each) => each === value);
}

function textIn(facts: Stored, name: string): string | undefined {
  const value = facts[name];
  return isText(value) ? value : undefined;
}

function booleanIn(facts: Stored, name: string): boolean | undefined {
  const value = facts[name];
  return typeof value === 'boolean' ? value : undefined;
}

function listIn<T>(facts: Stored, name: string, is: (value: unknown) => value is T): T[] {
  const value: unknown = facts[name];
  return Array.isArray(value) ? (value as readonly unknown[]).filter(is) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
