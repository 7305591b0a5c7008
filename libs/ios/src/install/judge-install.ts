import type { PackageFacts } from '../package/inspect-package.js';
import { processorOf } from './device-processor.js';

/** A device of the household, as its newest backup tells of it. */
export interface InstallTarget {
  readonly productType: string | undefined;
  readonly productVersion: string | undefined;
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

/** Something only the device or Apple's server can decide, and what it would look like. */
export interface InstallRisk {
  readonly risk:
    'other-apple-id' | 'no-rights' | 'signature-expired' | 'signature-age' | 'app-server';
  readonly reason: string;
  readonly looksLike: string;
}

export interface InstallVerdict {
  /** `no` when one check says no, `yes` when all say yes. */
  readonly installs: 'yes' | 'no' | 'unknown';
  readonly checks: readonly InstallCheck[];
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
    risks: risksOf(facts),
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
const FAMILIES: Readonly<Record<string, readonly number[]>> = {
  ...{ iPhone: [1], iPod: [1], iPad: [1, 2] },
};

function family({ deviceFamilies }: InstallFacts, { productType }: InstallTarget): InstallCheck {
  const check = 'family';
  const kind = kindOf(productType);
  const names = deviceFamilies.map((number) => FAMILY_NAMES[number] ?? `family ${number}`);
  const made = `It is made for ${names.join(' and ')}`;
  if (deviceFamilies.length === 0)
    return { check, verdict: 'yes', reason: 'The app does not say what kind of device it is for.' };
  if (kind === undefined)
    return { check, verdict: 'unknown', reason: `${made}; the kind of device is not known.` };
  const runs = FAMILIES[kind] ?? [];
  if (deviceFamilies.some((number) => runs.includes(number)))
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

/** Of what an app may require, that which the kind of device decides. Others every device of the last ten years has, or nobody can tell. */
const PHONE_ONLY = new Set(['telephony', 'sms']);
const PROCESSORS = new Set(['armv6', 'armv7', 'armv7s', 'arm64']);

function capabilities(
  { requiredCapabilities }: InstallFacts,
  { productType }: InstallTarget,
): InstallCheck {
  const check = 'capabilities';
  const asked = requiredCapabilities.filter((name) => !PROCESSORS.has(name));
  if (asked.length === 0)
    return { check, verdict: 'yes', reason: 'It requires nothing special of the device.' };
  const kind = kindOf(productType);
  const lacking = asked.filter((name) => PHONE_ONLY.has(name));
  if (kind !== undefined && kind !== 'iPhone' && lacking.length > 0) {
    return {
      ...{ check, verdict: 'no', failure: 'UIRequiredDeviceCapabilitiesNotMet' },
      reason: `It requires ${lacking.join(', ')}, which an ${kind} lacks.`,
    };
  }
  if (kind !== undefined && lacking.length === asked.length)
    return { check, verdict: 'yes', reason: `It requires ${asked.join(', ')}; the device has it.` };
  return {
    ...{ check, verdict: 'unknown' },
    reason: `It requires ${asked.join(', ')}; whether the device has it, the device says.`,
  };
}

function risksOf({ fairPlayEncrypted, hasSinf, appleIdPresent }: InstallFacts): InstallRisk[] {
  if (fairPlayEncrypted !== true) {
    return [
      {
        risk: 'signature-expired',
        reason:
          'It is not from the App Store: it was signed for chosen devices, or by a company, and such signatures end.',
        looksLike: 'ApplicationVerificationFailed, or the app closes at once',
      },
      appServer(),
    ];
  }
  const rights: InstallRisk = hasSinf
    ? {
        risk: 'other-apple-id',
        reason: `It runs for the Apple ID it was bought with${appleIdPresent ? '' : ', which the package does not name'}; with another the device asks for that one's password at the first start.`,
        looksLike: 'a sign-in sheet at the first start, or FairPlay error -42004',
      }
    : {
        risk: 'no-rights',
        reason:
          'The rights of the buyer (sinf) are not in the package; they must be given beside it.',
        looksLike: 'FairPlay error -42004: the app installs and does not start',
      };
  return [
    rights,
    {
      risk: 'signature-age',
      reason: 'Signatures of very old packages are in a form that iOS 15 and later do not take.',
      looksLike: 'ApplicationVerificationFailed',
    },
    appServer(),
  ];
}

function appServer(): InstallRisk {
  return {
    risk: 'app-server',
    reason: "The app's own server may not talk to this version any more.",
    looksLike: 'a message inside of the app that asks for an update',
  };
}

function kindOf(productType: string | undefined): string | undefined {
  return Object.keys(FAMILIES).find((kind) => productType?.startsWith(kind) === true);
}
