import { IsIn, IsOptional } from 'class-validator';

/** How a sign-in is given back. */
export class SignInWayDto {
  /** `cookie`: a session of a browser, and no token is told. */
  @IsOptional()
  @IsIn(['token', 'cookie'])
  readonly as?: 'token' | 'cookie';
}

/** A sign-in that was just made. */
export class NewSignInDto {
  readonly status!: 'signed-in';
  readonly accountId!: string;
  /** Null for an operator who belongs to no household. */
  readonly memberId!: string | null;
  /** Told once; null where the sign-in is a browser's. */
  readonly token!: string | null;
}
