/** A finding somebody looked at and lives with for a while. */
export interface Accepted {
  /** `GHSA-…` */
  readonly advisory: string;
  readonly reason: string;
  /** Day from which it counts again: `2027-01-31`. */
  readonly until: string;
}

/** As much of `npm audit --json` as is looked at. */
export interface AuditReport {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly via: readonly (string | Advisory)[] }>
  >;
}

interface Advisory {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly severity: string;
}

const SERIOUS = new Set(['high', 'critical']);

/**
 * @param today `2026-11-26`
 * @returns a line for each serious finding that nobody accepted, or not any more; undefined when the report is none
 */
export function judgeAudit(
  report: AuditReport,
  accepted: readonly Accepted[],
  today: string,
): readonly string[] | undefined {
  if (report.vulnerabilities === undefined) return undefined;
  const found = new Map<string, Advisory>();
  for (const { via } of Object.values(report.vulnerabilities)) {
    for (const each of via) if (typeof each !== 'string') found.set(each.url, each);
  }
  return [...found.values()]
    .filter(({ severity }) => SERIOUS.has(severity))
    .flatMap((advisory) => complaintOf(advisory, accepted, today));
}

function complaintOf(
  { name, title, url, severity }: Advisory,
  accepted: readonly Accepted[],
  today: string,
): readonly string[] {
  const known = accepted.find(({ advisory }) => url.endsWith(`/${advisory}`));
  if (known !== undefined && today < known.until) return [];
  const over = known === undefined ? '' : ` (was accepted until ${known.until})`;
  return [`${name}: ${title} [${severity}]${over} ${url}`];
}
