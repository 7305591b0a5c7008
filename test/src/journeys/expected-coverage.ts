import type { Schemas } from '@rootcellar/client';
import type { Answer } from '@rootcellar/testkit';

export type Coverage = Schemas['SnapshotCoverageDto'];

/** A row of `corpus/expected/*.json`. */
export interface ExpectedRow {
  readonly domain: string;
  readonly path: string;
  /** 1: a file. */
  readonly flags: number;
  readonly size?: number;
}

type Amount = Schemas['AmountDto'];

/** What the rows of a backup's list add up to, by domain, in order of their names. */
export function domainsOf(rows: readonly ExpectedRow[]): Schemas['CoveredDomainDto'][] {
  const domains = [...new Set(filesOf(rows).map(({ domain }) => domain))].sort();
  return domains.map((domain) => ({
    domain,
    ...amountOf(rows, (row) => row.domain === domain),
  }));
}

/** An app's container, its extensions and the groups that are called after it. */
export function appAmountOf(rows: readonly ExpectedRow[], bundleId: string): Amount {
  const prefixes = [`AppDomainPlugin-${bundleId}.`, `AppDomainGroup-group.${bundleId}.`];
  const names = [`AppDomain-${bundleId}`, `AppDomainGroup-group.${bundleId}`];
  return amountOf(
    rows,
    ({ domain }) => names.includes(domain) || prefixes.some((prefix) => domain.startsWith(prefix)),
  );
}

export function amountOf(
  rows: readonly ExpectedRow[],
  which: (row: ExpectedRow) => boolean,
): Amount {
  const files = filesOf(rows).filter(which);
  const bytes = files.reduce((sum, { size = 0 }) => sum + size, 0);
  return { files: files.length, bytes, missingFiles: 0 };
}

function filesOf(rows: readonly ExpectedRow[]): ExpectedRow[] {
  return rows.filter(({ flags }) => flags === 1);
}

/** What `snapshot show` says beside the snapshot itself. */
export function coverageOf(shown: Answer): Coverage {
  return (shown as unknown as { readonly coverage: Coverage }).coverage;
}
