import { IsISO8601, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { PageDto } from '../http/page.dto.js';

export class ShareRequestDto {
  /** A snapshot's or package's id, of one's own. */
  @IsUUID()
  readonly rootId!: string;

  /** One app's data of a snapshot; without it all of it. */
  @IsOptional()
  @IsString()
  @MaxLength(300)
  readonly bundleId?: string;

  @IsUUID()
  readonly withMemberId!: string;

  /** Until when, RFC 3339; at most 366 days from now. */
  @IsISO8601({ strict: true })
  readonly until!: string;
}

export class ShareGivenDto {
  readonly id!: string;
}

/** Something one member lets another read. */
export class ShareDto {
  readonly id!: string;
  readonly rootId!: string;
  readonly kind!: 'snapshot' | 'artifact';
  /** The device's name and the backup's date, or the app and its version. */
  readonly name!: string;
  /** One app's data of a snapshot; null for all of it. */
  readonly bundleId!: string | null;
  readonly side!: 'given' | 'received';
  readonly fromMemberId!: string;
  readonly from!: string;
  readonly withMemberId!: string;
  readonly with!: string;
  readonly until!: Date;
  readonly createdAt!: Date;
}

export class SharePageDto extends PageDto {
  readonly items!: ShareDto[];
}
