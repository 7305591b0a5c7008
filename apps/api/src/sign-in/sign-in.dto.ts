import {
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  MinLength,
} from 'class-validator';

/** Where the sign-in is to live. */
export class SignInPlaceDto {
  /** What this sign-in is called in the list of sign-ins. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  readonly computerName?: string;

  /** `cookie` for a browser: the answer sets the session cookie, and its token is null. */
  @IsOptional()
  @IsIn(['token', 'cookie'])
  readonly as?: 'token' | 'cookie';
}

export class SignInDto extends SignInPlaceDto {
  @IsString()
  @MaxLength(254)
  readonly email!: string;

  @IsString()
  @MaxLength(1024)
  readonly password!: string;
}

/** The second step of a sign-in: one of the two codes. */
export class SecondFactorDto extends SignInPlaceDto {
  /** From the first step; good for five minutes. */
  @IsString()
  @MaxLength(1024)
  readonly challenge!: string;

  /** The six digits of the authenticator app. */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  readonly totp?: string;

  @IsOptional()
  @IsString()
  @MaxLength(40)
  readonly recoveryCode?: string;
}

export class PasskeySignInOptionsDto {
  /** From the first step of a sign-in with a password, where the passkey is the second factor; without it the passkey is all. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly challenge?: string;
}

/** For `navigator.credentials.get`. */
export class PasskeySignInChallengeDto {
  /** Goes back with the passkey's response; good for five minutes, once. */
  readonly passkeyChallenge!: string;
  /** PublicKeyCredentialRequestOptionsJSON of WebAuthn. */
  readonly options!: Record<string, unknown>;
}

export class PasskeySignInDto extends SignInPlaceDto {
  @IsString()
  @MaxLength(1024)
  readonly passkeyChallenge!: string;

  /** AuthenticationResponseJSON of WebAuthn. */
  @IsObject()
  readonly response!: Record<string, unknown>;
}

/** A sign-in. The token is told once. */
export class SignedInDto {
  readonly status!: 'signed-in';
  readonly accountId!: string;
  /** Null for an operator who belongs to no household. */
  readonly memberId!: string | null;
  /** Null where a cookie was set instead. */
  readonly token!: string | null;
}

/** A sign-in, or what it still needs. */
export class SignInAnswerDto {
  readonly status!: 'signed-in' | 'second-factor';
  /** When signed in. */
  readonly accountId?: string;
  /** When signed in; null for an operator who belongs to no household. */
  readonly memberId?: string | null;
  /** When signed in; null where a cookie was set instead. */
  readonly token?: string | null;
  /** When a second factor is needed: goes with the next request, within five minutes. */
  readonly challenge?: string;
  /** When a second factor is needed: what this account has. */
  readonly factors?: ('totp' | 'recovery-code' | 'passkey')[];
}

/** Another service that says who somebody is. */
export class ProviderDto {
  /** In `/sign-in/provider/<id>`. */
  readonly id!: string;
  readonly name!: string;
}

/** What a sign-in page has to offer. */
export class SignInMethodsDto {
  /** False until the first administrator exists. */
  readonly setUp!: boolean;
  /** Whether passkeys work at the address this was asked at: never at an IP address. */
  readonly passkeys!: boolean;
  readonly providers!: ProviderDto[];
}

/** One of one's own sign-ins. */
export class SessionDto {
  readonly id!: string;
  readonly name!: string;
  /** A browser's, or a command's or agent's. */
  readonly kind!: 'session' | 'token';
  readonly scope!: 'push' | 'restore' | 'admin';
  readonly createdAt!: Date;
  readonly lastUsedAt!: Date | null;
  /** Null when it ends only by being ended. */
  readonly expiresAt!: Date | null;
  /** The one this request came with. */
  readonly current!: boolean;
}

export class ChangePasswordDto {
  /** Needed where there is one. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly current?: string;

  /** At least 8 characters, and not easily guessed. */
  @IsString()
  @MaxLength(1024)
  readonly password!: string;
}

/** The secret of an authenticator app; told once, in force when it is confirmed. */
export class NewTotpDto {
  /** Base32, to be typed. */
  readonly secret!: string;
  /** `otpauth://…`, to be shown as a QR code. */
  readonly uri!: string;
}

export class ConfirmTotpDto {
  /** The six digits the app shows now. */
  @IsString()
  @MinLength(1)
  @MaxLength(20)
  readonly code!: string;
}

/** Shown once: each signs in once in place of the authenticator app. */
export class RecoveryCodesDto {
  readonly recoveryCodes!: string[];
}

export class RemoveTotpDto {
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  readonly password?: string;
}

export class PasskeyDto {
  readonly id!: string;
  readonly name!: string;
  readonly createdAt!: Date;
  readonly lastUsedAt!: Date | null;
}

export class SecondFactorsDto {
  /** Whether an authenticator app is set up and confirmed: then a password alone does not sign in. */
  readonly totp!: boolean;
  readonly recoveryCodesLeft!: number;
  readonly passkeys!: PasskeyDto[];
  /** Whether there is a password to change, or none yet. */
  readonly password!: boolean;
}

/** For `navigator.credentials.create`. */
export class NewPasskeyChallengeDto {
  readonly passkeyChallenge!: string;
  /** PublicKeyCredentialCreationOptionsJSON of WebAuthn. */
  readonly options!: Record<string, unknown>;
}

export class NewPasskeyDto {
  @IsString()
  @MaxLength(1024)
  readonly passkeyChallenge!: string;

  /** What it is called in the list, for example "phone". */
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  /** RegistrationResponseJSON of WebAuthn. */
  @IsObject()
  readonly response!: Record<string, unknown>;
}

export class AddedPasskeyDto {
  readonly id!: string;
}
