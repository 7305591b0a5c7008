import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min, MinLength } from 'class-validator';
import { ServersEnvDto } from './servers-env.dto.js';

/** For processes of their own: api, worker, migration. */
export class ProcessEnvDto extends ServersEnvDto {
  /** File with the set-up token that proves who may make the first administrator: 43 characters, base64url. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_SETUP_TOKEN_FILE?: string;

  /** Folder for temporary files, of this process alone; without it one below the system's. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_SCRATCH?: string;

  /** Jobs a worker does at a time. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(64)
  readonly ROOTCELLAR_WORKER_CONCURRENCY: number = 2;

  /** Seconds that requests which are being answered are given when the API stops. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(3600)
  readonly ROOTCELLAR_DRAIN_SECONDS: number = 20;
}
