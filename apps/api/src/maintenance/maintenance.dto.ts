import { IsBoolean, IsOptional } from 'class-validator';
import { PageDto } from '../http/page.dto.js';

export class CollectDto {
  /** Deletes what nobody needs at once, also under a restore that began long ago. */
  @IsOptional()
  @IsBoolean()
  readonly noGrace?: boolean;

  /** Writes every pack anew that holds anything nobody needs, not only those where it is worth it. */
  @IsOptional()
  @IsBoolean()
  readonly compact?: boolean;
}

/** A background job was asked for. */
export class JobRequestedDto {
  readonly jobId!: string;
  /** True when such a job waited or ran already: it is that one, with the options it was asked for with. */
  readonly joined!: boolean;
}

/** A background job. */
export class JobDto {
  readonly id!: string;
  readonly name!: string;
  readonly state!: 'waiting' | 'active' | 'completed' | 'failed';
  /** Counters as the job goes on. */
  readonly progress!: Readonly<Record<string, number>>;
  /** What it found. */
  readonly result!: Readonly<Record<string, unknown>> | null;
  /** A stable code when it failed; `INTERRUPTED` when somebody cancelled it. */
  readonly failure!: string | null;
  readonly requestedAt!: Date;
  readonly endedAt!: Date | null;
}

export class JobPageDto extends PageDto {
  readonly items!: JobDto[];
}
