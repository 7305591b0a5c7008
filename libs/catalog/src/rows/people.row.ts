import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NOW, NULLABLE, bigint, bytea, id, instant, text, uuid } from './column-types.js';

@Entity('household')
export class HouseholdRow {
  @PrimaryColumn(id('pk_household')) id!: string;
  @Column(text('name')) name!: string;
  @Column(text('time_zone')) timeZone!: string;
  @Column(bytea('wrapped_key')) wrappedKey!: Buffer;
  @Column(bigint('next_ordinal', { default: 0 })) nextOrdinal!: number;
  @Column(instant('created_at', NOW)) createdAt!: Date;
}

@Entity('account')
export class AccountRow {
  @PrimaryColumn(id('pk_account')) id!: string;
  @Column(text('email')) email!: string;
  @Column(text('name')) name!: string;
  @Column(text('password_hash', NULLABLE)) passwordHash!: string | null;
  @Column('boolean', { name: 'operator', default: false }) operator!: boolean;
  @Column(instant('created_at', NOW)) createdAt!: Date;
}

@Entity('member')
export class MemberRow {
  @PrimaryColumn(id('pk_member')) id!: string;
  @Column(uuid('household_id')) householdId!: string;
  @Column(text('name')) name!: string;
  @Column(uuid('account_id', NULLABLE)) accountId!: string | null;
  @Column(text('role')) role!: 'admin' | 'member' | 'limited';
  @Column(instant('created_at', NOW)) createdAt!: Date;
  @Column(instant('removed_at', NULLABLE)) removedAt!: Date | null;
  @Column(instant('leaving_until', NULLABLE)) leavingUntil!: Date | null;
  @Column(uuid('hand_over_to', NULLABLE)) handOverTo!: string | null;
  /** Of the release before accounts; nothing reads them. */
  @Column(text('email', NULLABLE)) email!: string | null;
  @Column(text('password_hash', NULLABLE)) passwordHash!: string | null;
}

@Entity('credential')
export class CredentialRow {
  @PrimaryColumn(id('pk_credential')) id!: string;
  @Column(uuid('account_id', NULLABLE)) accountId!: string | null;
  @Column(uuid('member_id', NULLABLE)) memberId!: string | null;
  @Column(text('kind', { default: 'token' })) kind!: 'token' | 'session';
  @Column(text('scope', { default: 'admin' })) scope!: 'push' | 'restore' | 'admin';
  @Column(text('name')) name!: string;
  @Column('boolean', { name: 'api_token', default: false }) apiToken!: boolean;
  @Column(bytea('token_hash')) tokenHash!: Buffer;
  @Column(instant('created_at', NOW)) createdAt!: Date;
  @Column(instant('last_used_at', NULLABLE)) lastUsedAt!: Date | null;
  @Column(instant('expires_at', NULLABLE)) expiresAt!: Date | null;
  /** When a browser's token was replaced last; the one before is good until then. */
  @Column(instant('renewed_at', NULLABLE)) renewedAt!: Date | null;
  @Column(bytea('previous_token_hash', NULLABLE)) previousTokenHash!: Buffer | null;
  @Column(instant('previous_until', NULLABLE)) previousUntil!: Date | null;
}

@Entity('device')
export class DeviceRow {
  @PrimaryColumn(id('pk_device')) id!: string;
  @Column(uuid('household_id')) householdId!: string;
  /** Null: the household's. */
  @Column(uuid('owner_id', NULLABLE)) ownerId!: string | null;
  @Column(text('udid')) udid!: string;
  @Column(text('name')) name!: string;
  @Column(text('product_type', NULLABLE)) productType!: string | null;
  @Column(text('product_version', NULLABLE)) productVersion!: string | null;
  @Column(instant('created_at', NOW)) createdAt!: Date;
  /** A name of its owner's, which no backup overwrites. */
  @Column(text('own_name', NULLABLE)) ownName!: string | null;
  @Column(instant('retired_at', NULLABLE)) retiredAt!: Date | null;
  @Column(uuid('successor_of', NULLABLE)) successorOf!: string | null;
}
