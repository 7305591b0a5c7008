import { modelOf } from './device-model.js';
import type { DeviceKind } from './device-model.js';

/** What a device's processor and iOS together can run. */
export interface DeviceProcessor {
  /** Slices it runs, the best first: `arm64e`, `arm64`, `armv7s`, `armv7`, `armv6`. */
  readonly slices: readonly string[];
}

/**
 * The first generation with each kind of processor: the number before the comma in Apple's identifiers. Source: the model tables of
 * libimobiledevice and pymobiledevice3.
 */
const SINCE: Readonly<Record<DeviceKind, Readonly<Record<Slice, number>>>> = {
  iPhone: { armv7: 2, armv7s: 5, arm64: 6, arm64e: 11 },
  iPad: { armv7: 1, armv7s: 4, arm64: 4, arm64e: 8 },
  iPod: { armv7: 3, armv7s: 7, arm64: 7, arm64e: Infinity },
};
type Slice = 'armv7' | 'armv7s' | 'arm64' | 'arm64e';
/** The fourth iPad shares its number with the third. */
const FOURTH_IPAD = /^iPad3,[456]$/;

/** iOS 11 runs 64-bit code only. */
const FIRST_WITHOUT_32_BITS = 11;

/** Undefined when the model is not one of those: then nothing can be said. */
export function processorOf(
  productType: string | undefined,
  productVersion: string | undefined,
): DeviceProcessor | undefined {
  const model = modelOf(productType);
  if (model === undefined) return undefined;
  const since = SINCE[model.kind];
  const runs = (slice: Slice): boolean => model.generation >= since[slice];
  const only64 = Number.parseInt(productVersion ?? '', 10) >= FIRST_WITHOUT_32_BITS;
  const wide = (['arm64e', 'arm64'] as const).filter(runs);
  const narrow = [
    ...(runs('armv7s') || FOURTH_IPAD.test(productType ?? '') ? ['armv7s'] : []),
    ...(runs('armv7') ? ['armv7'] : []),
    'armv6',
  ];
  return { slices: [...wide, ...(wide.length > 0 && only64 ? [] : narrow)] };
}
