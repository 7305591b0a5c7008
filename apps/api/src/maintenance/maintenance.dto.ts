/** A background job was asked for. */
export class JobRequestedDto {
  readonly jobId!: string;
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
  /** A stable code when it failed. */
  readonly failure!: string | null;
}
