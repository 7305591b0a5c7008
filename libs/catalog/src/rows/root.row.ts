import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NOW, NULLABLE, bigint, bytea, id, instant, jsonb, text, uuid } from './column-types.js';

@Entity('root')
export class RootRow {
  @PrimaryColumn(id('pk_root')) id!: string;
  @Column(uuid('household_id')) householdId!: string;
  @Column(uuid('member_id')) memberId!: string;
  @Column(text('kind')) kind!: 'snapshot' | 'artifact';
  @Column(bytea('manifest')) manifest!: Buffer;
  @Column(bytea('tree')) tree!: Buffer;
  @Column(bytea('chunk_set')) chunkSet!: Buffer;
  @Column(bigint('entries')) entries!: number;
  @Column(bigint('bytes')) bytes!: number;
  @Column(bigint('new_bytes')) newBytes!: number;
  @Column(bigint('stored_bytes')) storedBytes!: number;
  @Column(instant('created_at', NOW)) createdAt!: Date;
  /** Null: by kind. */
  @Column('boolean', { name: 'household_wide', ...NULLABLE }) householdWide!: boolean | null;
}

@Entity('snapshot')
export class SnapshotRow {
  @PrimaryColumn(id('pk_snapshot')) id!: string;
  @Column(uuid('household_id')) householdId!: string;
  @Column(uuid('device_id')) deviceId!: string;
  @Column(instant('taken_at')) takenAt!: Date;
  @Column(bigint('files')) files!: number;
  @Column('boolean', { name: 'encrypted' }) encrypted!: boolean;
  @Column('boolean', { name: 'complete' }) complete!: boolean;
  @Column(bigint('missing_files', { default: 0 })) missingFiles!: number;
  @Column(bigint('damaged_files', { default: 0 })) damagedFiles!: number;
  @Column(text('product_version', NULLABLE)) productVersion!: string | null;
  @Column(text('build_version', NULLABLE)) buildVersion!: string | null;
  @Column(text('device_name', NULLABLE)) deviceName!: string | null;
  /** 0: what is installed was not read as this release reads it. */
  @Column('smallint', { name: 'apps_read_version', default: 0 }) appsReadVersion!: number;
  @Column(jsonb('facts')) facts!: object;
}

@Entity('app')
export class AppRow {
  @PrimaryColumn(id('pk_app')) id!: string;
  @Column(uuid('household_id')) householdId!: string;
  @Column(text('bundle_id')) bundleId!: string;
  @Column(text('name')) name!: string;
  @Column(instant('created_at', NOW)) createdAt!: Date;
}

@Entity('app_version')
export class AppVersionRow {
  @PrimaryColumn(id('pk_app_version')) id!: string;
  @Column(uuid('app_id')) appId!: string;
  @Column(text('identity')) identity!: string;
  @Column(text('version', NULLABLE)) version!: string | null;
  @Column(text('build', NULLABLE)) build!: string | null;
  @Column(text('external_version_id', NULLABLE)) externalVersionId!: string | null;
  @Column(instant('created_at', NOW)) createdAt!: Date;
}

@Entity('artifact')
export class ArtifactRow {
  @PrimaryColumn(id('pk_artifact')) id!: string;
  @Column(uuid('household_id')) householdId!: string;
  @Column(uuid('app_version_id')) appVersionId!: string;
  @Column(bytea('sha256')) sha256!: Buffer;
  @Column(bigint('size')) size!: number;
  @Column(text('file_name')) fileName!: string;
  @Column(jsonb('facts')) facts!: object;
  @Column(text('item_id', NULLABLE)) itemId!: string | null;
  @Column(instant('released_at', NULLABLE)) releasedAt!: Date | null;
  @Column(instant('purchased_at', NULLABLE)) purchasedAt!: Date | null;
  /** Who bought it, blinded. */
  @Column(bytea('buyer', NULLABLE)) buyer!: Buffer | null;
  @Column(uuid('store_list_id', NULLABLE)) storeListId!: string | null;
  /** `PackageContents`; null where it was never read, or cannot be. */
  @Column({ ...jsonb('contents'), ...NULLABLE }) contents!: object | null;
  /** 0: what the release before left out was not read yet. */
  @Column('smallint', { name: 'read_version', default: 0 }) readVersion!: number;
}
