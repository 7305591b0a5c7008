import type {
  KeptPackage,
  RollbackPlanContent,
  SeenSnapshot,
  StoredRollbackPlan,
} from '@rootcellar/archive';
import type { SnapshotId } from '@rootcellar/model';

type Nullable<T> = {
  readonly [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K];
};

export type SnapshotColumns = Omit<SeenSnapshot, 'productVersion' | 'app'> & {
  readonly productVersion: string | null;
  readonly app: Nullable<NonNullable<SeenSnapshot['app']>> | null;
};

export function toSnapshot({ app, productVersion, ...row }: SnapshotColumns): SeenSnapshot {
  return {
    ...row,
    productVersion: productVersion ?? undefined,
    app:
      app === null
        ? undefined
        : {
            version: app.version ?? undefined,
            build: app.build ?? undefined,
            externalVersionId: app.externalVersionId ?? undefined,
            name: app.name ?? undefined,
            offloaded: app.offloaded,
          },
  };
}

export type PackageColumns = Nullable<Omit<KeptPackage, 'size'>> & {
  readonly size: string;
};

export function toPackage(row: PackageColumns): KeptPackage {
  return {
    ...row,
    version: row.version ?? undefined,
    build: row.build ?? undefined,
    externalVersionId: row.externalVersionId ?? undefined,
    size: Number(row.size),
  };
}

export type PlanColumns = Omit<StoredRollbackPlan, 'content' | 'backupSnapshotId'> & {
  readonly plan: RollbackPlanContent;
  readonly backupSnapshotId: SnapshotId | null;
};

/** Dates inside of the kept text are text again. */
export function toStored({ plan, backupSnapshotId, ...row }: PlanColumns): StoredRollbackPlan {
  const { installed, data, lockedData, downgrade } = plan;
  const comparedWith = downgrade?.comparedWith ?? null;
  return {
    ...row,
    backupSnapshotId: backupSnapshotId ?? undefined,
    content: {
      ...plan,
      installed: installed === null ? null : dated(installed),
      data: data === null ? null : dated(data),
      lockedData: lockedData === null ? null : dated(lockedData),
      downgrade:
        downgrade === null
          ? null
          : { ...downgrade, comparedWith: comparedWith === null ? null : dated(comparedWith) },
    },
  };
}

function dated<T extends { readonly takenAt: Date }>(of: T): T {
  return { ...of, takenAt: new Date(of.takenAt) };
}
