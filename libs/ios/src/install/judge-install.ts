import type { PackageFacts } from '../package/inspect-package.js';
import { hasCapability } from './device-capabilities.js';
import { modelOf } from './device-model.js';
import type { DeviceKind } from './device-model.js';
import { processorOf } from './device-processor.js';
import { factsOf, risksOf } from './install-rights.js';
import type { InstallFact, InstallRisk } from './install-rights.js';

/** A device of the household, as its newest backup tells of it. */
export interface InstallTarget {
  readonly productType: string | undefined;
  readonly productVersion: string | undefined;
  /** Whether an app on the device was bought with the Apple ID the package was bought with; undefined when one of both does not say. */
  readonly buyerKnown?: boolean | undefined;
}

export type InstallCheckName = 'minimum-os' | 'family' | 'processor' | 'capabilities' | 'platform';

/** Something the file decides. `unknown` where one of both does not say. */
export interface InstallCheck {
  readonly check: InstallCheckName;
  readonly verdict: 'yes' | 'no' | 'unknown';
  /** One sentence for people. */
  readonly reason: string;
  /** How the installer says no; Apple's names. */
  readonly failure?: string;
}

export interface InstallVerdict {
  /** `no` when one check says no, `yes` when all say yes. */
  readonly installs: 'yes' | 'no' | 'unknown';
  readonly checks: readonly InstallCheck[];
  readonly facts: readonly InstallFact[];
  readonly risks: readonly InstallRisk[];
}

export type InstallFacts = Pick<
  PackageFacts,
  | 'minimumOs'
  | 'deviceFamilies'
  | 'supportedPlatforms'
  | 'requiredCapabilities'
  | 'architectures'
  | 'fairPlayEncrypted'
  | 'hasSinf'
  | 'appleIdPresent'
  | 'sinfProblem'
>;

/**
 * Whether a package can be installed on a device. What iOS refuses and when: design/ios-facts.md 3.8.
 * @param compare orders dotted versions: negative when the first is older
 */
export function judgeInstall(
  facts: InstallFacts,
  device: InstallTarget,
  compare: (a: string, b: string) => number,
): InstallVerdict {
  const checks = [
    minimumOs(facts, device, compare),
    platform(facts),
    family(facts, device),
    processor(facts, device),
    capabilities(facts, device),
  ];
  const verdicts = checks.map(({ verdict }) => verdict);
  const unknown = verdicts.includes('unknown') ? 'unknown' : 'yes';
  return {
    installs: verdicts.includes('no') ? 'no' : unknown,
    checks,
    facts: factsOf(facts, device),
    risks: risksOf(facts, device),
  };
}

function minimumOs(
  { minimumOs: needed }: InstallFacts,
  { productVersion: has }: InstallTarget,
  compare: (a: string, b: string) => number,
): InstallCheck {
  const check = 'minimum-os';
  if (needed === undefined)
    return { check, verdict: 'yes', reason: 'The app names no oldest iOS it needs.' };
  if (has === undefined)
    return {
      check,
      verdict: 'unknown',
      reason: `It needs iOS ${needed}; the device's is not known.`,
    };
  if (compare(has, needed) >= 0)
    return { check, verdict: 'yes', reason: `It needs iOS ${needed}, the device has ${has}.` };
  return {
    ...{ check, verdict: 'no', failure: 'DeviceOSVersionTooLow' },
    reason: `It needs iOS ${needed}, the device has ${has}.`,
  };
}

function platform({ supportedPlatforms }: InstallFacts): InstallCheck {
  const check = 'platform';
  if (supportedPlatforms.length === 0 || supportedPlatforms.includes('iPhoneOS'))
    return { check, verdict: 'yes', reason: 'It is built for iPhone and iPad.' };
  return {
    ...{ check, verdict: 'no', failure: 'APIInternalError' },
    reason: `It is built for ${supportedPlatforms.join(', ')}, not for devices.`,
  };
}

const FAMILY_NAMES: Readonly<Record<number, string>> = {
  ...{ 1: 'iPhone', 2: 'iPad', 3: 'Apple TV', 4: 'Apple Watch', 7: 'Apple Vision' },
};
/** iPads run apps made for iPhones. */
const FAMILIES: Readonly<Record<DeviceKind, readonly number[]>> = {
  ...{ iPhone: [1], iPod: [1], iPad: [1, 2] },
};
const KINDS = ['iPhone', 'iPad', 'iPod'] as const;

function family({ deviceFamilies }: InstallFacts, { productType }: InstallTarget): InstallCheck {
  const check = 'family';
  const kind = kindOf(productType);
  const names = deviceFamilies.map((number) => FAMILY_NAMES[number] ?? `family ${number}`);
  const made = `It is made for ${names.join(' and ')}`;
  if (deviceFamilies.length === 0)
    return { check, verdict: 'yes', reason: 'The app does not say what kind of device it is for.' };
  if (kind === undefined)
    return { check, verdict: 'unknown', reason: `${made}; the kind of device is not known.` };
  if (deviceFamilies.some((number) => FAMILIES[kind].includes(number)))
    return { check, verdict: 'yes', reason: `${made}, and the device is an ${kind}.` };
  return {
    ...{ check, verdict: 'no', failure: 'DeviceFamilyNotSupported' },
    reason: `${made}, and the device is an ${kind}.`,
  };
}

function processor(
  { architectures }: InstallFacts,
  { productType, productVersion }: InstallTarget,
): InstallCheck {
  const check = 'processor';
  if (architectures.length === 0)
    return { check, verdict: 'unknown', reason: 'Its executable does not tell its processors.' };
  const built = `It is built for ${architectures.join(', ')}`;
  const device = processorOf(productType, productVersion);
  if (device === undefined)
    return { check, verdict: 'unknown', reason: `${built}; the device's processor is not known.` };
  if (architectures.some((slice) => device.slices.includes(slice)))
    return { check, verdict: 'yes', reason: `${built}, which the device runs.` };
  return {
    ...{ check, verdict: 'no', failure: 'ApplicationVerificationFailed' },
    reason: `${built}; the device runs ${device.slices.join(', ')} only.`,
  };
}

/** Told by the slices of the executable. */
const PROCESSORS = new Set(['armv6', 'armv7', 'armv7s', 'arm64']);

function capabilities(
  { requiredCapabilities }: InstallFacts,
  { productType }: InstallTarget,
): InstallCheck {
  const check = 'capabilities';
  const asked = requiredCapabilities.filter((name) => !PROCESSORS.has(name));
  if (asked.length === 0)
    return { check, verdict: 'yes', reason: 'It requires nothing special of the device.' };
  const model = modelOf(productType);
  const has = (name: string): boolean | undefined => model && hasCapability(model, name);
  const lacking = asked.filter((name) => has(name) === false);
  if (lacking.length > 0) {
    return {
      ...{ check, verdict: 'no', failure: 'UIRequiredDeviceCapabilitiesNotMet' },
      reason: `It requires ${lacking.join(', ')}, which this ${model?.kind ?? 'device'} lacks.`,
    };
  }
  const unsure = asked.filter((name) => has(name) === undefined);
  if (unsure.length === 0)
    return { check, verdict: 'yes', reason: `It requires ${asked.join(', ')}; the device has it.` };
  return {
    ...{ check, verdict: 'unknown' },
    reason: `It requires ${unsure.join(', ')}; whether the device has it, the device says.`,
  };
}

/** Also of models that are newer than our tables. */
function kindOf(productType: string | undefined): DeviceKind | undefined {
  return KINDS.find((kind) => productType?.startsWith(kind) === true);
}
