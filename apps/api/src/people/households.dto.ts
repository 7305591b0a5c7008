import { IsString, IsTimeZone, IsUUID, MaxLength, MinLength } from 'class-validator';
import { PageDto } from '../http/page.dto.js';

export class NewHouseholdDto {
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly name!: string;

  /** IANA name; the household's days begin and end by it. */
  @IsTimeZone()
  readonly timeZone!: string;
}

/** A household with nobody in it yet. */
export class HouseholdCreatedDto {
  readonly householdId!: string;
  readonly name!: string;
  /** Its first administrator comes in by it. Told once. */
  readonly link!: string;
  readonly expiresAt!: Date;
}

/** A household as the operator sees it: nothing of what is in it. */
export class HouseholdDto {
  readonly id!: string;
  readonly name!: string;
  readonly timeZone!: string;
  readonly createdAt!: Date;
  readonly members!: number;
  /** Bytes in the object store. */
  readonly storedBytes!: number;
  readonly lastBackupAt!: Date | null;
}

export class HouseholdPageDto extends PageDto {
  readonly items!: HouseholdDto[];
}

export class AccountHouseholdDto {
  readonly householdId!: string;
  readonly householdName!: string;
  readonly role!: 'admin' | 'member' | 'limited';
}

/** Somebody who signs in. */
export class AccountDto {
  readonly id!: string;
  readonly name!: string;
  readonly email!: string;
  readonly operator!: boolean;
  readonly createdAt!: Date;
  readonly lastUsedAt!: Date | null;
  readonly households!: AccountHouseholdDto[];
}

export class AccountPageDto extends PageDto {
  readonly items!: AccountDto[];
}

export class UseHouseholdDto {
  @IsUUID()
  readonly householdId!: string;
}

export class UsedHouseholdDto {
  readonly householdId!: string;
  readonly memberId!: string;
  readonly role!: 'admin' | 'member' | 'limited';
}
