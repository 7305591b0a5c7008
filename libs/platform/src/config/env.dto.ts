import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsIP,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
} from 'class-validator';
import { SignInEnvDto } from './sign-in-env.dto.js';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every setting the environment may hold. `.env.example` is generated from this class; what a household changes is data, not environment. */
export class EnvDto extends SignInEnvDto {
  /** Folder of everything the service keeps: database, objects, keys. */
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_DATA: string = './data';

  /** Port the service listens on. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly ROOTCELLAR_PORT: number = 4470;

  /** Address the service listens on. 0.0.0.0 opens it to the network: put TLS in front. */
  @IsIP()
  readonly ROOTCELLAR_HOST: string = '127.0.0.1';

  /** Address people open in their browser, when it is not the one the request came to: https://rootcellar.example.org. Passkeys and sign-in providers need it. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  readonly ROOTCELLAR_PUBLIC_URL?: string;

  /** Proxies in front that are believed when they say whose a request is (X-Forwarded-For, -Proto): addresses or networks, separated by commas, loopback, uniquelocal, or how many stand in a row. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_TRUSTED_PROXIES?: string;

  /** File with the master key, when it is not `<data>/master-key`. Without it nothing can be read: keep a copy elsewhere. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_MASTER_KEY_FILE?: string;

  /** When a household's policy is applied and its unneeded packs are collected, in its own time: from-to. */
  @Matches(/^\d\d:\d\d-\d\d:\d\d$/)
  readonly ROOTCELLAR_UPKEEP_WINDOW: string = '02:00-06:00';

  /** Hours a pack that nobody needs is kept before it is deleted: what is being restored meanwhile stays whole. */
  @Type(() => Number)
  @Min(0)
  @Max(24 * 365)
  readonly ROOTCELLAR_COLLECTION_GRACE_HOURS: number = 24;

  /** What is logged on standard error: error, warn, info, debug. */
  @IsIn(LOG_LEVELS)
  readonly ROOTCELLAR_LOG_LEVEL: LogLevel = 'info';

  /** Port of /metrics and /health for monitoring, beside the service's own; 0 opens none. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly ROOTCELLAR_MONITORING_PORT: number = 0;

  /** Address the monitoring port listens on. It asks for no sign-in: keep it inside your network. */
  @IsIP()
  readonly ROOTCELLAR_MONITORING_HOST: string = '127.0.0.1';

  /** Threads that hash, compress and encrypt; 0 takes one per core, at most 8. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(64)
  readonly ROOTCELLAR_THREADS: number = 0;
}
