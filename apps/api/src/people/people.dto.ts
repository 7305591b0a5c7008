import { IsEmail, IsOptional, IsString, IsTimeZone, MaxLength, MinLength } from 'class-validator';

/** The first administrator and the household. */
export class SetUpDto {
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

  /** At least 8 characters. */
  @IsString()
  @MaxLength(1024)
  readonly password!: string;

  /** What this sign-in is called in the list of sign-ins. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly computerName?: string;
}

export class SignInDto {
  @IsString()
  @MaxLength(254)
  readonly email!: string;

  @IsString()
  @MaxLength(1024)
  readonly password!: string;

  /** What this sign-in is called in the list of sign-ins. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly computerName?: string;
}

/** A sign-in. The token is told once. */
export class SignedInDto {
  readonly accountId!: string;
  /** Null for an operator who belongs to no household. */
  readonly memberId!: string | null;
  readonly token!: string;
}

export class SetUpDoneDto {
  readonly accountId!: string;
  readonly householdId!: string;
  readonly memberId!: string;
  readonly token!: string;
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
