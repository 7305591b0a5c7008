import { continuityOf } from '@rootcellar/archive';
import type { Actor, Continuity, Signers } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { rows } from '../sql.js';

const READABLE = readableRoots({ household: '$1', member: '$2' });
/** Of several files of the version before, the one that fits best counts. */
const BEST: readonly Continuity[] = ['same', 'rotated', 'unknown', 'other', 'first'];

interface SignedFile {
  readonly id: string;
  readonly versionCode: string | null;
  readonly signing: Signers | null;
}

/**
 * Of each package of an app for Android that the member may read, how its signer stands to that of the version before, by version code.
 * Of versions they may not read it knows nothing.
 */
export async function listContinuity(
  source: DataSource,
  { householdId, memberId }: Actor,
  bundleId: string,
): Promise<ReadonlyMap<string, Continuity>> {
  const files = await rows<SignedFile>(
    source,
    `select artifact.id, external_version_id as "versionCode", facts -> 'signing' as signing
      from app join app_version on app_version.app_id = app.id join artifact on artifact.app_version_id = app_version.id
        join ${READABLE} as root on root.id = artifact.id and forgotten_at is null
      where app.household_id = $1 and bundle_id = $3`,
    [householdId, memberId, bundleId],
  );
  const versions = [...Map.groupBy(files, ({ versionCode }) => BigInt(versionCode ?? 0))].sort(
    ([a], [b]) => (a < b ? -1 : 1),
  );
  return new Map(
    versions.flatMap(([, ofVersion], at) =>
      ofVersion.map((file) => [file.id, best(file, versions[at - 1]?.[1] ?? [])] as const),
    ),
  );
}

function best(file: SignedFile, before: readonly SignedFile[]): Continuity {
  const found = before.map((one) => continuityOf(signersOf(file), signersOf(one)));
  return BEST.find((each) => found.includes(each)) ?? 'first';
}

function signersOf({ signing }: SignedFile): Signers {
  return { certificates: signing?.certificates ?? [], lineage: signing?.lineage ?? [] };
}
