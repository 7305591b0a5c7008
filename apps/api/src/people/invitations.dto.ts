import {
  IsEmail,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
} from 'class-validator';
import { PageDto } from '../http/page.dto.js';
import { SignInPlaceDto } from '../sign-in/sign-in.dto.js';

const ROLES = ['admin', 'member', 'limited'] as const;

export class InviteDto {
  @IsIn(ROLES)
  readonly role!: 'admin' | 'member' | 'limited';

  /** For whom, as the household calls them. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly name?: string;
}

/** An invitation just made. The link is told once. */
export class InvitedDto {
  readonly id!: string;
  /** Whoever opens it first comes in. */
  readonly link!: string;
  readonly expiresAt!: Date;
}

export class InvitationDto {
  readonly id!: string;
  readonly role!: 'admin' | 'member' | 'limited';
  readonly name!: string | null;
  readonly invitedBy!: string;
  readonly createdAt!: Date;
  readonly expiresAt!: Date;
}

export class InvitationPageDto extends PageDto {
  readonly items!: InvitationDto[];
}

export class InvitationTokenDto {
  /** What stands behind `#` in the link. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly token!: string;
}

/** What an invitation shows to who holds it. */
export class InvitationLookDto {
  readonly householdName!: string;
  readonly invitedBy!: string;
  readonly role!: 'admin' | 'member' | 'limited';
  readonly name!: string | null;
  readonly expiresAt!: Date;
}

export class AcceptInvitationDto extends SignInPlaceDto {
  /** What stands behind `#` in the link. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly token!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly name!: string;

  @IsEmail()
  @MaxLength(254)
  readonly email!: string;

  /** At least 8 characters. */
  @IsString()
  @MaxLength(1024)
  readonly password!: string;
}

/** The household the account belongs to now, too. */
export class JoinedDto {
  readonly householdId!: string;
  readonly householdName!: string;
  readonly memberId!: string;
}
