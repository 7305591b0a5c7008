/** What runs iOS and is backed up. */
export type DeviceKind = 'iPhone' | 'iPad' | 'iPod';

/** Apple's identifier of a model, `iPad13,4`, in its parts. */
export interface DeviceModel {
  readonly kind: DeviceKind;
  /** Before the comma: it rises with every processor. */
  readonly generation: number;
  readonly variant: number;
}

const MODEL = /^(iPhone|iPad|iPod)(\d{1,3}),(\d{1,3})$/;

/** Undefined when it is none of those. */
export function modelOf(productType: string | undefined): DeviceModel | undefined {
  const [, kind, generation, variant] = MODEL.exec(productType ?? '') ?? [];
  if (kind === undefined) return undefined;
  return {
    kind: kind as DeviceKind,
    generation: Number(generation),
    variant: Number(variant),
  };
}
