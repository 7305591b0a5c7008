import type { Declared, UploadState } from '@rootcellar/archive';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NOW, NULLABLE, bigint, id, instant, jsonb, text, uuid } from './column-types.js';

@Entity('upload')
export class UploadRow {
  @PrimaryColumn(id('pk_upload')) id!: string;
  @Column(uuid('household_id')) householdId!: string;
  @Column(uuid('member_id')) memberId!: string;
  @Column(text('kind')) kind!: Declared['kind'];
  @Column(text('state', { default: 'open' })) state!: UploadState;
  @Column(jsonb('declared')) declared!: Declared;
  @Column(bigint('sent_bytes', { default: 0 })) sentBytes!: number;
  @Column(bigint('new_bytes', { default: 0 })) newBytes!: number;
  @Column(bigint('stored_bytes', { default: 0 })) storedBytes!: number;
  @Column(bigint('reserved_bytes', { default: 0 })) reservedBytes!: number;
  @Column(uuid('root_id', NULLABLE)) rootId!: string | null;
  @Column(instant('created_at', NOW)) createdAt!: Date;
  @Column(instant('heartbeat_at', NOW)) heartbeatAt!: Date;
  @Column(instant('expires_at')) expiresAt!: Date;
}
