import { IsEmail, IsOptional, IsString, IsTimeZone, MaxLength, MinLength } from 'class-validator';
import { SignInPlaceDto } from '../sign-in/sign-in.dto.js';

/** The first administrator and the household. */
export class SetUpDto extends SignInPlaceDto {
  /** From the file `setup-token` in the data folder. */
  @IsString()
  @MaxLength(200)
  readonly setupToken!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly household!: string;

  /** IANA name; the household's days begin and end by it. */
  @IsOptional()
  @IsTimeZone()
  readonly timeZone?: string;

  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly name!: string;

  @IsEmail()
  @MaxLength(254)
  readonly email!: string;

  /** At least 8 characters, and not easily guessed. */
  @IsString()
  @MaxLength(1024)
  readonly password!: string;
}

export class SetUpDoneDto {
  readonly status!: 'signed-in';
  readonly accountId!: string;
  readonly householdId!: string;
  readonly memberId!: string;
  /** Null where a cookie was set instead. */
  readonly token!: string | null;
}

/** A household the account belongs to. */
export class HouseholdOfDto {
  readonly householdId!: string;
  readonly householdName!: string;
  readonly memberId!: string;
  readonly role!: 'admin' | 'member' | 'limited';
  /** Set when the membership has ended but for reading, until then. */
  readonly leavingUntil!: Date | null;
}

/** Who is signed in. What is of a household is null for an operator who belongs to none. */
export class ProfileDto {
  readonly accountId!: string;
  readonly memberId!: string | null;
  readonly name!: string;
  readonly email!: string;
  readonly role!: 'admin' | 'member' | 'limited' | null;
  /** Looks after the server; says nothing about any household. */
  readonly operator!: boolean;
  readonly householdId!: string | null;
  readonly householdName!: string | null;
  readonly timeZone!: string | null;
  /** Set when the membership has ended but for reading, until then. */
  readonly leavingUntil!: Date | null;
  /** All the account belongs to; the sign-in is for the one above. */
  readonly households!: HouseholdOfDto[];
}
