import { IsISO8601, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PageDto } from '../http/page.dto.js';

export class NewTokenDto {
  /** What it is for, for the list. */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly name!: string;

  /** `push`: adds backups and packages. `restore`: reads what you may read, too. `admin`: all that you may do. */
  @IsIn(['push', 'restore', 'admin'])
  readonly scope!: 'push' | 'restore' | 'admin';

  /** It works until it is revoked, without it. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @MaxLength(40)
  readonly expiresAt?: string;
}

export class TokenCreatedDto {
  readonly id!: string;
  /** Told once. */
  readonly token!: string;
}

export class TokenDto {
  readonly id!: string;
  readonly name!: string;
  readonly scope!: 'push' | 'restore' | 'admin';
  /** Whose it is; null for an operator's without a household. */
  readonly memberId!: string | null;
  readonly memberName!: string | null;
  readonly householdName!: string | null;
  readonly createdAt!: Date;
  readonly lastUsedAt!: Date | null;
  readonly expiresAt!: Date | null;
}

export class TokenPageDto extends PageDto {
  readonly items!: TokenDto[];
}
