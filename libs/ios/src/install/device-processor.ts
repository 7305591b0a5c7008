/** What a device's processor and iOS together can run. */
export interface DeviceProcessor {
  /** Slices it runs, the best first: `arm64e`, `arm64`, `armv7s`, `armv7`, `armv6`. */
  readonly slices: readonly string[];
}

/**
 * From which model on a processor is built in: `<kind><number>,<variant>` of Apple's identifiers. Sources: the model tables of
 * libimobiledevice's and pymobiledevice3's device lists; models that differ within a number are listed by variant.
 */
const ARM64_FROM: Readonly<Record<string, number>> = { iPhone: 6, iPad: 4, iPod: 7 };
const ARM64E_FROM: Readonly<Record<string, number>> = { iPhone: 11, iPad: 8 };
const ARMV7S: ReadonlySet<string> = new Set([
  ...['iPhone5,1', 'iPhone5,2', 'iPhone5,3', 'iPhone5,4'],
  ...['iPad3,4', 'iPad3,5', 'iPad3,6'],
]);
const ARMV7_FROM: Readonly<Record<string, number>> = { iPhone: 2, iPad: 1, iPod: 3 };
const MODEL = /^(iPhone|iPad|iPod)(\d{1,3}),(\d{1,3})$/;
/** iOS 11 runs 64-bit code only. */
const LAST_WITH_32_BITS = 10;

/** Undefined when the model is not one of those: then nothing can be said. */
export function processorOf(
  productType: string | undefined,
  productVersion: string | undefined,
): DeviceProcessor | undefined {
  const match = MODEL.exec(productType ?? '');
  if (match === null) return undefined;
  const [model, kind = '', number = ''] = match;
  const generation = Number(number);
  const major = Number.parseInt(productVersion ?? '', 10);
  const narrow = Number.isNaN(major) || major <= LAST_WITH_32_BITS ? narrowSlices(model) : [];
  if (generation < (ARM64_FROM[kind] ?? Infinity)) {
    const runs = generation >= (ARMV7_FROM[kind] ?? Infinity);
    return { slices: runs ? narrowSlices(model) : ['armv6'] };
  }
  const newest = generation >= (ARM64E_FROM[kind] ?? Infinity);
  return { slices: [...(newest ? ['arm64e'] : []), 'arm64', ...narrow] };
}

function narrowSlices(model: string): string[] {
  const generation = Number(/\d+/.exec(model)?.[0]);
  const is64 = generation >= (ARM64_FROM[model.replace(/\d.*$/, '')] ?? Infinity);
  return [...(is64 || ARMV7S.has(model) ? ['armv7s'] : []), 'armv7', 'armv6'];
}
