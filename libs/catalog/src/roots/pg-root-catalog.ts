import { ArchiveError, chunkIdToBytes, newId } from '@rootcellar/model';
import type { AppId, AppVersionId, ArtifactId, Clock, DeviceId } from '@rootcellar/model';
import { versionIdentity } from '@rootcellar/archive';
import type { Commit, NewArtifact, NewRoot, NewSnapshot, RootCatalog } from '@rootcellar/archive';
import type { DataSource, EntityManager } from 'typeorm';
import { ArtifactRow, RootRow, SnapshotRow } from '../rows/root.row.js';
import { audit } from '../audit.js';
import { CONCERNS } from '../bin/concerns.sql.js';
import type { Concerns } from '../bin/concerns.sql.js';
import { SUBJECT } from '../bin/subject.sql.js';
import { KEPT_ALREADY } from '../gate/kept-already.sql.js';
import { watchHolds } from '../holds/watch-holds.js';
import { firstRow, rows } from '../sql.js';
import { lockPacks } from './lock-packs.js';
import { READ_VERSION, recordInstalled, storeColumns } from './record-app-facts.js';

export class PgRootCatalog implements RootCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async commitSnapshot(
    root: NewRoot,
    snapshot: NewSnapshot,
  ): Promise<Commit<{ readonly deviceId: DeviceId }>> {
    const takenAt = snapshot.takenAt ?? this.#clock.now();
    return this.#source.transaction(async (tx) => {
      if (!(await this.#commitRoot(tx, root, 'snapshot'))) return { status: 'packs-changed' };
      const { deviceOwner } = snapshot;
      const deviceId = await this.#recordDevice(tx, root, {
        ...{ ...snapshot.device, takenAt, deviceOwner },
      });
      const { productVersion, name } = snapshot.device;
      await tx.insert(SnapshotRow, {
        id: snapshot.id,
        householdId: root.householdId,
        deviceId,
        takenAt,
        files: snapshot.files,
        encrypted: snapshot.encrypted,
        complete: snapshot.complete,
        missingFiles: snapshot.missingFiles,
        damagedFiles: snapshot.damagedFiles,
        productVersion: productVersion ?? null,
        buildVersion: snapshot.buildVersion ?? null,
        deviceName: name,
        appsReadVersion: READ_VERSION,
        facts: { installedApps: snapshot.installed.filter(({ offloaded }) => !offloaded).length },
      });
      await recordInstalled(
        tx,
        { householdId: root.householdId, clock: this.#clock },
        { snapshotId: snapshot.id, apps: snapshot.installed },
      );
      const { householdId } = root;
      await watchHolds(tx, this.#clock, { householdId, deviceId, snapshotId: snapshot.id });
      return { status: 'committed', deviceId };
    });
  }

  async commitArtifact(
    root: NewRoot,
    artifact: NewArtifact,
  ): Promise<
    Commit<object> | { readonly status: 'already-kept'; readonly artifactId: ArtifactId }
  > {
    return this.#source.transaction(async (tx) => {
      // One at a time per household and file: the second finds the first.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `${root.householdId}/${artifact.sha256}`,
      ]);
      const sha256 = Buffer.from(artifact.sha256, 'hex');
      const kept = await firstRow<{ id: ArtifactId }>(
        tx,
        `select artifact.id from artifact join root on root.id = artifact.id
          where artifact.household_id = $1 and sha256 = $3 and ${KEPT_ALREADY('$2', '$4')}
          order by forgotten_at is not null, member_id <> $2, artifact.id limit 1`,
        [root.householdId, root.memberId, sha256, root.householdWide === false],
      );
      if (kept !== undefined) {
        await endUpload(tx, root, kept.id);
        await this.#takeFromBin(tx, root, kept.id);
        return { status: 'already-kept', artifactId: kept.id };
      }
      if (!(await this.#commitRoot(tx, root, 'artifact'))) return { status: 'packs-changed' };
      const household = { householdId: root.householdId, clock: this.#clock };
      await tx.insert(ArtifactRow, {
        id: artifact.id,
        householdId: root.householdId,
        appVersionId: await this.#recordVersion(tx, root, artifact),
        sha256,
        size: artifact.size,
        fileName: artifact.fileName,
        facts: artifact.facts,
        ...(await storeColumns(tx, household, { ...artifact, bundleId: artifact.facts.bundleId })),
        contents: artifact.contents ?? null,
        readVersion: READ_VERSION,
      });
      return { status: 'committed' };
    });
  }

  /** Whoever adds a file wants it kept. */
  async #takeFromBin(tx: EntityManager, root: NewRoot, id: ArtifactId): Promise<void> {
    const back = await firstRow<{ subject: string } & Concerns>(
      tx,
      `with back as (
          update root set forgotten_at = null, gone_after = null, forgotten_by = null, forgotten_rule = null
          where id = $1 and forgotten_at is not null returning *)
        select ${SUBJECT('back')} as subject, ${CONCERNS('back')} from back`,
      [id],
    );
    if (back === undefined) return;
    const { householdId, memberId } = root;
    await audit(tx, this.#clock, householdId, [
      { action: 'undone', kind: 'artifact', id, ...back, memberId },
    ]);
  }

  async #commitRoot(
    tx: EntityManager,
    root: NewRoot,
    kind: 'snapshot' | 'artifact',
  ): Promise<boolean> {
    await requireStaying(tx, root);
    const open = await firstRow(
      tx,
      `select id from upload where id = $1 and state = 'open' for update`,
      [root.uploadId],
    );
    if (open === undefined)
      throw new ArchiveError('UPLOAD_NOT_OPEN', 'This upload has ended; nothing was recorded.');
    if (!(await lockPacks(tx, root.needs.packs))) return false;
    await tx.insert(RootRow, {
      id: root.id,
      householdId: root.householdId,
      memberId: root.memberId,
      kind,
      manifest: chunkIdToBytes(root.manifest),
      tree: chunkIdToBytes(root.tree),
      chunkSet: Buffer.from(root.needs.chunkSet),
      entries: root.entries,
      bytes: root.bytes,
      newBytes: root.newBytes,
      storedBytes: root.storedBytes,
      householdWide: root.householdWide ?? null,
    });
    await tx.query('insert into root_pack (root_id, pack_id) select $1, unnest($2::uuid[])', [
      root.id,
      [...root.needs.packs.keys()],
    ]);
    await endUpload(tx, root, root.id);
    return true;
  }

  /** A new device is whose the upload said it was; one that is known must be. What its newest backup says of it is kept up to date; an older one pushed later says nothing. */
  async #recordDevice(
    tx: EntityManager,
    root: NewRoot,
    device: NewSnapshot['device'] & Pick<NewSnapshot, 'deviceOwner'> & { readonly takenAt: Date },
  ): Promise<DeviceId> {
    const { udid, name, productType, productVersion, takenAt, deviceOwner = null } = device;
    const recorded = await firstRow<{ id: DeviceId; ownerId: string | null }>(
      tx,
      `with recorded as (
          insert into device (id, household_id, owner_id, udid, name, product_type, product_version)
          values ($1, $2, $3, $4, $5, $6, $7)
          on conflict (household_id, udid) do update set udid = excluded.udid
          returning id, owner_id as "ownerId")
        select * from recorded`,
      [
        newId(this.#clock),
        root.householdId,
        deviceOwner,
        udid,
        name,
        productType ?? null,
        productVersion ?? null,
      ],
    );
    if (recorded?.ownerId !== deviceOwner) {
      throw new ArchiveError(
        'FORBIDDEN',
        'This device was given to another member of the household meanwhile; nothing was recorded.',
      );
    }
    await tx.query(
      `update device set name = $2, product_type = $3, product_version = $4
        where id = $1 and not exists (select from snapshot where device_id = $1 and taken_at > $5)`,
      [recorded.id, name, productType ?? null, productVersion ?? null, takenAt],
    );
    return recorded.id;
  }

  async #recordVersion(
    tx: EntityManager,
    root: NewRoot,
    artifact: NewArtifact,
  ): Promise<AppVersionId> {
    const { bundleId, name, version, build, externalVersionId } = artifact.facts;
    const recorded = await firstRow<{ id: AppVersionId }>(
      tx,
      `with app as (
          insert into app (id, household_id, bundle_id, name) values ($1, $2, $3, $4)
          on conflict (household_id, bundle_id) do update set name = case when $10 then app.name else excluded.name end
          returning id),
        version as (
          insert into app_version (id, app_id, identity, version, build, external_version_id)
          select $5, app.id, $6, $7, $8, $9 from app
          on conflict (app_id, identity) do update set version = coalesce(app_version.version, excluded.version) returning id)
        select id from version`,
      [
        newId<AppId>(this.#clock),
        root.householdId,
        bundleId,
        name ?? bundleId.replace(/^android:/, ''),
        newId<AppVersionId>(this.#clock),
        versionIdentity(artifact.facts),
        version ?? null,
        build ?? null,
        externalVersionId ?? null,
        // What somebody keeps for themselves does not say how the household's app is called.
        // A split, and a package that names itself by its resources, does not either.
        root.householdWide === false || name === undefined,
      ],
    );
    if (recorded === undefined)
      throw new ArchiveError('INTERNAL', 'The app version could not be recorded.');
    return recorded.id;
  }
}

/**
 * Who pushes, and whom it will belong to, are members still. Whose membership ends at this moment is waited for: nothing becomes theirs
 * behind it.
 * @throws ArchiveError UPLOAD_NOT_OPEN
 */
async function requireStaying(tx: EntityManager, root: NewRoot): Promise<void> {
  const concerned = await rows<{ stays: boolean }>(
    tx,
    `select removed_at is null and leaving_until is null as stays from member
      where id = $1 or id = (select member_id from upload where id = $2) order by id for share`,
    [root.memberId, root.uploadId],
  );
  if (concerned.every(({ stays }) => stays)) return;
  throw new ArchiveError(
    'UPLOAD_NOT_OPEN',
    'Whom this belongs to has left the household, or is leaving it; nothing was recorded.',
    { hint: 'An administrator can give the device to somebody else: `rootcellar device assign`.' },
  );
}

async function endUpload(tx: EntityManager, root: NewRoot, rootId: string): Promise<void> {
  await tx.query(
    `with ended as (update upload set state = 'committed', root_id = $2 where id = $1),
        done as (delete from upload_shown where upload_id = $1)
      delete from upload_pack where upload_id = $1`,
    [root.uploadId, rootId],
  );
}
