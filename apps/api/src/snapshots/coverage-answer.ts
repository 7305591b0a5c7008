import type { SnapshotCoverageReport } from '@rootcellar/archive';
import type { SnapshotId } from '@rootcellar/model';
import type { CoveredAppDto, SnapshotCoverageDto } from './coverage.dto.js';

/** A report as the API gives it. */
export function coverageAnswer(
  snapshotId: SnapshotId,
  report: SnapshotCoverageReport,
): SnapshotCoverageDto {
  const { encrypted, only, content, payloads, checklist } = report;
  return {
    ...{ snapshotId, encrypted, counted: content !== undefined },
    only: only === undefined ? null : [...only],
    payloads: payloads ?? null,
    ...contentOf(content),
    apps: appsOf(report),
    cloud: cloudOf(report.cloud),
    checklist: [...checklist],
  };
}

function contentOf(
  content: SnapshotCoverageReport['content'],
): Pick<SnapshotCoverageDto, 'total' | 'areas' | 'domains' | 'uncounted'> {
  if (content === undefined) return { total: null, areas: [], domains: [], uncounted: null };
  const { total, areas, domains, uncounted = null } = content;
  return { total, areas: [...areas], domains: [...domains], uncounted };
}

function cloudOf(cloud: SnapshotCoverageReport['cloud']): SnapshotCoverageDto['cloud'] {
  const { photosInCloud, photosSyncedAt } = cloud;
  return {
    ...cloud,
    photosInCloud: photosInCloud ?? null,
    photosSyncedAt: photosSyncedAt ?? null,
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
