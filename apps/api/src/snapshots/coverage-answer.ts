import type { SnapshotCoverageReport } from '@rootcellar/archive';
import type { SnapshotId } from '@rootcellar/model';
import type { CoveredAppDto, SnapshotCoverageDto } from './coverage.dto.js';

/** A report as the API gives it. */
export function coverageAnswer(
  snapshotId: SnapshotId,
  report: SnapshotCoverageReport,
): SnapshotCoverageDto {
  const { encrypted, only, content, payloads, checklist } = report;
  const { photosInCloud, photosSyncedAt, ...cloud } = report.cloud;
  return {
    ...{ snapshotId, encrypted, counted: content !== undefined },
    only: only === undefined ? null : [...only],
    total: content?.total ?? null,
    payloads: payloads ?? null,
    areas: [...(content?.areas ?? [])],
    apps: appsOf(report),
    domains: [...(content?.domains ?? [])],
    uncounted: content?.uncounted ?? null,
    cloud: {
      ...cloud,
      photosInCloud: photosInCloud ?? null,
      photosSyncedAt: photosSyncedAt ?? null,
    },
    checklist: [...checklist],
  };
}

function appsOf({ apps, content }: SnapshotCoverageReport): CoveredAppDto[] {
  const amounts = new Map(content?.apps.map((app) => [app.bundleId, app]));
  return apps.map(({ bundleId, name, version, presence, packageKept }) => {
    const found = amounts.get(bundleId);
    return {
      ...{ bundleId, name: name ?? null, version: version ?? null, presence, packageKept },
      content: found?.content ?? 'unknown',
      amount:
        found === undefined
          ? null
          : { files: found.files, bytes: found.bytes, missingFiles: found.missingFiles },
      groups: [...(found?.groups ?? [])],
    };
  });
}
