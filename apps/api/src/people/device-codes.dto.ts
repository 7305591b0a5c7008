import {
  IsBoolean,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';

const SCOPES = ['push', 'restore', 'admin'] as const;

export class AskForApprovalDto {
  /** The computer's name, for who decides. */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly clientName!: string;

  /** `admin` without it. */
  @IsOptional()
  @IsIn(SCOPES)
  readonly scope?: 'push' | 'restore' | 'admin';
}

/** RFC 8628, 3.2. */
export class AskedForApprovalDto {
  /** What to ask with whether somebody decided. */
  readonly deviceCode!: string;
  /** What a person types at `verificationUri`. */
  readonly userCode!: string;
  readonly verificationUri!: string;
  /** The same with the code in it. */
  readonly verificationUriComplete!: string;
  /** Seconds. */
  readonly expiresIn!: number;
  /** Seconds to wait between two questions. */
  readonly interval!: number;
}

export class DeviceCodeDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly deviceCode!: string;
}

export class UserCodeDto {
  /** In any case, with or without the dash. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(40)
  readonly userCode!: string;
}

/** Who asks to be signed in. */
export class ApprovalLookDto {
  readonly clientName!: string;
  readonly scope!: 'push' | 'restore' | 'admin';
  /** Address of the network it came from. */
  readonly from!: string;
  readonly requestedAt!: Date;
  readonly expiresAt!: Date;
}

export class DecideDto extends UserCodeDto {
  @IsBoolean()
  readonly approve!: boolean;

  /** What was asked for, without it. */
  @IsOptional()
  @IsIn(SCOPES)
  readonly scope?: 'push' | 'restore' | 'admin';

  /** The household of this sign-in, without it. */
  @IsOptional()
  @IsUUID()
  readonly householdId?: string;
}
