/** How much of a property list is read before it is refused with PLIST_TOO_LARGE. */
export interface PlistLimits {
  /** Size of the property list itself. */
  readonly maxBytes: number;
  /** Containers inside containers. */
  readonly maxDepth: number;
  /** Values after every reference is followed, counted each time one is reached: what a reader would walk. */
  readonly maxValues: number;
}

/** Far above what devices write: an Info.plist with the icons of 500 apps has 30 MiB and 20,000 values. */
export const PLIST_LIMITS: PlistLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 64,
  maxValues: 1_000_000,
};
