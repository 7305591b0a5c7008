import type { DeviceKind, DeviceModel } from './device-model.js';

/** From which generation on a kind of device has something: below the first it lacks it, from the second on it has it, between nobody can tell. */
type Since = number | readonly [lacksBelow: number, hasFrom: number];
const NEVER = Infinity;
const ALL: Readonly<Record<DeviceKind, Since>> = { iPhone: 1, iPad: 1, iPod: 1 };
const PHONE_ONLY = { iPhone: 1, iPad: NEVER, iPod: NEVER };

/**
 * `UIRequiredDeviceCapabilities` that the model decides (developer.apple.com, "Required device capabilities", and the iOS Device Compatibility
 * Reference; models up to iPhone 17 and iPad Pro M5). A kind that is left out: models of one generation differ, or nobody says.
 */
const SINCE: Readonly<Record<string, Readonly<Partial<Record<DeviceKind, Since>>>>> = {
  accelerometer: ALL,
  'location-services': ALL,
  'opengles-1': ALL,
  wifi: ALL,
  microphone: { iPhone: 1, iPad: 1, iPod: 2 },
  'peer-peer': { iPhone: [1, 2], iPad: 1, iPod: 2 },
  gamekit: { iPhone: [1, 2], iPad: 1, iPod: 2 },
  'opengles-2': { iPhone: 2, iPad: 1, iPod: 3 },
  'opengles-3': { iPhone: 6, iPad: 4, iPod: 7 },
  metal: { iPhone: 6, iPad: 4, iPod: 7 },
  telephony: PHONE_ONLY,
  sms: PHONE_ONLY,
  nfc: { iPhone: 9, iPad: NEVER, iPod: NEVER },
  gps: { iPhone: [1, 2], iPod: NEVER },
  gyroscope: { iPhone: 3, iPad: 2, iPod: 4 },
  magnetometer: { iPhone: 2, iPad: 1, iPod: NEVER },
  'bluetooth-le': { iPhone: 4, iPad: [2, 3], iPod: 5 },
  'still-camera': { iPhone: 1, iPad: 2, iPod: 4 },
  'video-camera': { iPhone: 2, iPad: 2, iPod: 4 },
  'front-facing-camera': { iPhone: 3, iPad: 2, iPod: 4 },
  'auto-focus-camera': { iPhone: 2, iPad: [2, 3], iPod: 5 },
  'camera-flash': { iPhone: 3 },
  healthkit: { iPhone: 4 },
  arkit: { iPhone: 8, iPad: 6, iPod: 9 },
  'iphone-ipad-minimum-performance-a12': { iPhone: 11, iPad: 8, iPod: NEVER },
  'iphone-performance-gaming-tier': { iPhone: 16, iPod: NEVER },
};

/** Only iPads have these, and of one generation some. */
const OF_M1 = new Set(['ipad-minimum-performance-m1', 'driverkit']);

/** Whether a model has what an app requires; undefined when that cannot be told from the model. */
export function hasCapability(model: DeviceModel, name: string): boolean | undefined {
  if (OF_M1.has(name)) return hasM1(model);
  const since = SINCE[name]?.[model.kind];
  if (since === undefined) return undefined;
  const [lacksBelow, hasFrom] = typeof since === 'number' ? [since, since] : since;
  if (model.generation >= hasFrom) return true;
  return model.generation < lacksBelow ? false : undefined;
}

/** Variants of a generation of iPads without an M1 or a later one; of the mini with A17 Pro Apple does not say. */
const WITHOUT_M1: Readonly<Record<number, readonly number[]>> = {
  13: [1, 2, 18, 19],
  14: [1, 2],
  15: [7, 8],
};
const MINI_A17_PRO = [1, 2];

function hasM1({ kind, generation, variant }: DeviceModel): boolean | undefined {
  if (kind === 'iPod') return false;
  if (kind === 'iPhone' || (generation === 16 && MINI_A17_PRO.includes(variant))) return undefined;
  return generation >= 13 && WITHOUT_M1[generation]?.includes(variant) !== true;
}
