import type { PackageContents } from '@rootcellar/ios';

/** What differs between the packages of two versions, in short. Lists name at most ten. */
export interface ContentsChanges {
  /** Bytes of all files, unpacked: more is positive. */
  readonly bytes: number;
  /** Set when it differs. */
  readonly minimumOs: { readonly from: string | null; readonly to: string | null } | undefined;
  readonly permissions: Changed;
  readonly frameworks: Changed;
  /** Signs of a way of earning money that were not there before. */
  readonly newSignals: readonly { readonly kind: string; readonly evidence: string }[];
}

export interface Changed {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
}

const MOST = 10;
const NOTHING: Changed = { added: [], dropped: [] };

/** Of a summary that was cut nothing is said to be missing or new: it need not be. */
export function contentsChanges(before: PackageContents, after: PackageContents): ContentsChanges {
  const whole = !before.cut && !after.cut;
  const known = new Set(before.signals.map(({ kind, evidence }) => `${kind} ${evidence}`));
  const { minimumOs } = after;
  return {
    bytes: after.bytes - before.bytes,
    minimumOs:
      minimumOs === before.minimumOs ? undefined : { from: before.minimumOs, to: minimumOs },
    permissions: whole ? changed(before.permissions, after.permissions) : NOTHING,
    frameworks: whole ? changed(before.frameworks, after.frameworks) : NOTHING,
    newSignals: before.cut
      ? []
      : after.signals
          .filter(({ kind, evidence }) => !known.has(`${kind} ${evidence}`))
          .slice(0, MOST)
          .map(({ kind, evidence }) => ({ kind, evidence })),
  };
}

function changed(before: readonly string[], after: readonly string[]): Changed {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    added: after.filter((name) => !old.has(name)).slice(0, MOST),
    dropped: before.filter((name) => !now.has(name)).slice(0, MOST),
  };
}
