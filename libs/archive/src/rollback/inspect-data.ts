import { isArchiveError } from '@rootcellar/model';
import { findReadableSnapshot } from '../snapshots/find-readable.js';
import type { ReadParts } from '../snapshots/stream-snapshot.js';
import type { Actor } from '../ports/people-catalog.js';
import type { Scratch } from '../ports/scratch.js';
import type { SeenSnapshot } from '../ports/rollback-catalog.js';
import { AppDatabases } from './app-databases.js';
import type { DataSide } from './app-databases.js';
import { withAppData } from './app-data.js';
import type { AppDataQuestion } from './app-data.js';
import type { Fitting } from './choose-data.js';
import { compareContainers } from './compare-containers.js';
import { judgeDowngrade } from './judge-downgrade.js';
import type { DowngradeSafety, PlannedData } from './rollback-plan.js';
import { nameOfVersion } from './version-order.js';

export interface InspectParts extends ReadParts {
  readonly scratch: Scratch;
}

export interface DataQuestion extends AppDataQuestion {
  readonly data: Fitting;
  /** The newest snapshot that can be looked into; undefined when there is none. */
  readonly newest: SeenSnapshot | undefined;
  /** The version to go back to, by name. */
  readonly target: string;
}

export interface InspectedData {
  readonly amounts: Pick<PlannedData, 'files' | 'bytes' | 'domains'>;
  readonly downgrade: DowngradeSafety;
  readonly groupsOfNobody: readonly string[];
  readonly groupsShared: readonly string[];
}

/**
 * Looks at the data that goes with a version, and at what became of it since.
 * @returns undefined when its snapshot went away meanwhile, or its list of files is broken
 */
export async function inspectData(
  parts: InspectParts,
  actor: Actor,
  question: DataQuestion,
): Promise<InspectedData | undefined> {
  try {
    return await withSide(parts, { actor, seen: question.data, question }, async (then, open) => {
      const domains = then.data.amounts();
      return {
        amounts: {
          domains,
          files: domains.reduce((sum, { files }) => sum + files, 0),
          bytes: domains.reduce((sum, { bytes }) => sum + bytes, 0),
        },
        groupsOfNobody: then.data.groupsOfNobody,
        groupsShared: then.data.groupsShared,
        downgrade: await judge(parts, actor, { ...question, then, open }),
      };
    });
  } catch (error) {
    if (isArchiveError(error, 'NOT_FOUND', 'BACKUP_MANIFEST_DAMAGED', 'BACKUP_PATH_UNSAFE'))
      return undefined;
    throw error;
  }
}

type Opened = ConstructorParameters<typeof AppDatabases>[0];

async function judge(
  parts: InspectParts,
  actor: Actor,
  question: DataQuestion & { readonly then: DataSide; readonly open: Opened },
): Promise<DowngradeSafety> {
  const { data, newest, target, then, open } = question;
  if (newest?.id === data.id) return sameBackup(target, data);
  if (newest === undefined) return unknownSafety(target);
  try {
    return await withSide(parts, { actor, seen: newest, question }, async (now) => {
      const changes = compareContainers(then.data.files(), now.data.files());
      const databases = await new AppDatabases(open).compare(changes.databases, then, now);
      const comparedWith = { snapshotId: newest.id, takenAt: newest.takenAt };
      return judgeDowngrade({ target, changes, databases, comparedWith });
    });
  } catch (error) {
    if (isArchiveError(error, 'NOT_FOUND', 'BACKUP_MANIFEST_DAMAGED', 'BACKUP_PATH_UNSAFE'))
      return unknownSafety(target);
    throw error;
  }
}

async function withSide<T>(
  parts: InspectParts,
  {
    actor,
    seen,
    question,
  }: {
    readonly actor: Actor;
    readonly seen: SeenSnapshot;
    readonly question: AppDataQuestion;
  },
  use: (side: DataSide, open: Opened) => Promise<T>,
): Promise<T> {
  const snapshot = await findReadableSnapshot(parts.reading, actor, seen.id);
  const open = {
    scratch: parts.scratch,
    vault: await parts.vaults.open(snapshot.householdId),
  };
  return withAppData(open, snapshot, question, async (data) => use({ snapshot, data }, open));
}

function sameBackup(target: string, { app }: Fitting): DowngradeSafety {
  return {
    verdict: 'same-backup',
    summary: `The newest backup was made while version ${nameOfVersion(app)} was installed: its data is what ${target} knows. A newer version that came since then may have changed it; the fresh backup will show.`,
    ...{ comparedWith: null, databases: 0, findings: [] },
  };
}

export function unknownSafety(target: string): DowngradeSafety {
  return {
    verdict: 'unknown',
    summary: `There are no two backups of the app's data that can be compared: nobody can say from here whether ${target} reads what is on the device now.`,
    ...{ comparedWith: null, databases: 0, findings: [] },
  };
}
