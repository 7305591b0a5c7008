import { IsOptional, IsString, IsUrl, MaxLength, MinLength } from 'class-validator';
import { ProcessEnvDto } from './process-env.dto.js';

/** Signing in by another service: OpenID Connect. */
export class SignInEnvDto extends ProcessEnvDto {
  /** Address of an OpenID Connect provider that may sign people in; its settings are found there. https, but for loopback. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  readonly ROOTCELLAR_OIDC_ISSUER?: string;

  /** What the provider calls this service. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  readonly ROOTCELLAR_OIDC_CLIENT_ID?: string;

  /** File with the secret the provider gave this service. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_OIDC_CLIENT_SECRET_FILE?: string;

  /** What people call the provider: "Sign in with …". */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  readonly ROOTCELLAR_OIDC_NAME: string = 'OpenID Connect';

  /** Claim of the provider that lists a person's groups. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  readonly ROOTCELLAR_OIDC_GROUPS_CLAIM: string = 'groups';

  /** JSON file that says which groups are whom in which household: [{"group": "family", "householdId": "…", "role": "member"}]. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_OIDC_GROUPS_FILE?: string;
}
