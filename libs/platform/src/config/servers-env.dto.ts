import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';

/** Servers that are used instead of what the embedded default brings. Secrets are in files: an environment is easily seen. */
export class ServersEnvDto {
  /** PostgreSQL to use instead of the embedded one: postgres://user@host:5432/database. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly ROOTCELLAR_DATABASE_URL?: string;

  /** File with the password of the database's user. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_DATABASE_PASSWORD_FILE?: string;

  /** File with the certificates (PEM) the database's certificate must be signed by; with it the connection is encrypted. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_DATABASE_CA_FILE?: string;

  /** Connections to the database of one process; docs/scaling.md says how they add up. */
  @Type(() => Number)
  @IsInt()
  @Min(4)
  @Max(1000)
  readonly ROOTCELLAR_DATABASE_POOL: number = 24;

  /** Redis or Valkey to keep the queue of jobs in instead of PostgreSQL: redis://host:6379/0, rediss://… for TLS. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly ROOTCELLAR_REDIS_URL?: string;

  /** File with the password of Redis. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_REDIS_PASSWORD_FILE?: string;

  /** File with the certificates (PEM) the certificate of Redis must be signed by. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_REDIS_CA_FILE?: string;

  /** S3 server to keep objects in instead of a folder: https://s3.example.org. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly ROOTCELLAR_S3_ENDPOINT?: string;

  /** Bucket of the objects; it must be there. */
  @IsOptional()
  @IsString()
  @MaxLength(63)
  readonly ROOTCELLAR_S3_BUCKET?: string;

  /** Beginning of every object's key, for buckets with other things in them; ends with a slash. */
  @IsString()
  @MaxLength(200)
  readonly ROOTCELLAR_S3_PREFIX: string = '';

  /** Region that requests are signed for. */
  @IsString()
  @MaxLength(64)
  readonly ROOTCELLAR_S3_REGION: string = 'us-east-1';

  /** Where the bucket stands in the address: path or virtual-host. */
  @IsIn(['path', 'virtual-host'])
  readonly ROOTCELLAR_S3_ADDRESSING: string = 'path';

  /** File with the access key, when it is not in ROOTCELLAR_S3_ACCESS_KEY; read again every minute. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_S3_ACCESS_KEY_FILE?: string;

  /** File with the secret key, when it is not in ROOTCELLAR_S3_SECRET_KEY; read again every minute. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_S3_SECRET_KEY_FILE?: string;

  /** Access key, for those who have no files. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly ROOTCELLAR_S3_ACCESS_KEY?: string;

  /** Secret key, for those who have no files. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  readonly ROOTCELLAR_S3_SECRET_KEY?: string;

  /** File with the certificates (PEM) the server's certificate must be signed by. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  readonly ROOTCELLAR_S3_CA_FILE?: string;
}
