import type { SignalledVersion, StoredSignal } from '../ports/app-signal-catalog.js';

/** Where the app may have begun to want a subscription, and why one would think so. */
export interface SubscriptionSuggestion {
  /** What `--from` takes: the version shown, or the store's number where several versions show the same. */
  readonly from: string;
  readonly version: SignalledVersion;
  /** Signs that the kept version before does not have. */
  readonly signals: readonly StoredSignal[];
  /** For people. */
  readonly text: string;
}

/** A sign, the versions it stands in, and whether it is gone again. */
export interface SignalAppearance extends StoredSignal {
  readonly since: SignalledVersion;
  /** It was in the oldest kept version that was looked into: it may be older still. */
  readonly fromTheStart: boolean;
  /** The first later version without it. */
  readonly goneWith: SignalledVersion | undefined;
}

/** These speak for subscriptions; the others for selling anything. */
const SPEAKING: ReadonlySet<string> = new Set(['paywall-sdk', 'subscription-words']);
const NAMED = 3;

/** @param versions oldest first; those nobody looked into are passed over */
export function appearancesIn(versions: readonly SignalledVersion[]): SignalAppearance[] {
  const read = versions.filter(({ signals }) => signals !== undefined);
  const found = new Map<string, SignalAppearance>();
  for (const [at, version] of read.entries()) {
    const here = new Map((version.signals ?? []).map((signal) => [keyOf(signal), signal]));
    for (const [key, known] of found)
      if (!here.has(key) && known.goneWith === undefined)
        found.set(key, { ...known, goneWith: version });
    for (const [key, signal] of here) {
      const known = found.get(key);
      if (known === undefined)
        found.set(key, { ...signal, since: version, fromTheStart: at === 0, goneWith: undefined });
      else if (known.goneWith !== undefined) found.set(key, { ...known, goneWith: undefined });
    }
  }
  return [...found.values()];
}

/**
 * The first version that brings a sign of subscriptions where the kept one before has none of its kind. Nothing when the signs are in the
 * oldest kept version already: then nobody can tell when they came.
 */
export function suggestSubscription(
  bundleId: string,
  versions: readonly SignalledVersion[],
): SubscriptionSuggestion | undefined {
  const read = versions.filter(({ signals }) => signals !== undefined);
  for (const [at, version] of read.entries()) {
    const before = read[at - 1];
    if (before === undefined) continue;
    const had = new Set((before.signals ?? []).map(({ kind }) => kind));
    const fresh = (version.signals ?? []).filter(
      ({ kind }) => SPEAKING.has(kind) && !had.has(kind),
    );
    if (fresh.length === 0) continue;
    const from = nameOf(version, versions);
    if (from === undefined) continue;
    const shown = version.version ?? from;
    return {
      ...{ from, version, signals: fresh },
      text: `${shown} brings ${said(fresh)}: if it went subscription-only, say \`rootcellar app subscription ${bundleId} --from ${from}\`.`,
    };
  }
  return undefined;
}

/** `RevenueCat and words like “Restore Purchases”` */
function said(signals: readonly StoredSignal[]): string {
  const of = (kind: string): string[] => [
    ...new Set(signals.filter((one) => one.kind === kind).map(({ evidence }) => evidence)),
  ];
  const [parts, words] = [of('paywall-sdk').slice(0, NAMED), of('subscription-words')];
  const [example] = words;
  return [
    ...(parts.length === 0 ? [] : [parts.join(', ')]),
    ...(example === undefined ? [] : [`words like “${example}”`]),
  ].join(' and ');
}

function nameOf(
  { id, version, externalVersionId }: SignalledVersion,
  all: readonly SignalledVersion[],
): string | undefined {
  const shared = all.some((other) => other.id !== id && other.version === version);
  return version === undefined || shared ? externalVersionId : version;
}

/** The same sentence at another place is the same sign. */
function keyOf({ kind, evidence }: StoredSignal): string {
  return `${kind} ${evidence}`;
}
