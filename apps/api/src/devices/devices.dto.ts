import { PageDto } from '../http/page.dto.js';

/** An iPhone or iPad. */
export class DeviceDto {
  readonly id!: string;
  readonly udid!: string;
  readonly name!: string;
  /** For example `iPhone14,5`. */
  readonly productType!: string | null;
  /** iOS version of the newest backup. */
  readonly productVersion!: string | null;
  readonly createdAt!: Date;
  /** How many snapshots are kept. */
  readonly snapshots!: number;
  readonly latestSnapshotId!: string | null;
  readonly latestTakenAt!: Date | null;
}

export class DevicePageDto extends PageDto {
  readonly items!: DeviceDto[];
}
