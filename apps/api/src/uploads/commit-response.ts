import type { CommittedArtifact, CommittedSnapshot, MissingChunks } from '@rootcellar/archive';
import type { CommitDto } from './uploads.dto.js';

export function toCommitDto(
  result: CommittedSnapshot | CommittedArtifact | MissingChunks,
): CommitDto {
  if (result.status === 'missing') {
    return { status: 'missing', missing: [...result.chunkIds], snapshot: null, artifact: null };
  }
  if (result.status === 'committed') {
    const { status, ...snapshot } = result;
    return { status, missing: [], snapshot, artifact: null };
  }
  const {
    status,
    artifactId,
    bundleId,
    version = null,
    build = null,
    externalVersionId = null,
    newBytes,
  } = result;
  return {
    status,
    missing: [],
    snapshot: null,
    artifact: { artifactId, bundleId, version, build, externalVersionId, newBytes },
  };
}
