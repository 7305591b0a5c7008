import type {
  JobEnd,
  JobOptions,
  JobRequest,
  JobRequests,
  JobView,
  JobWish,
} from '@rootcellar/archive';
import { newId } from '@rootcellar/model';
import type { Clock, HouseholdId, JobId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';
import { viewOf } from './job-view.js';
import type { JobRow } from './job-view.js';

const ZERO_ID = '00000000-0000-0000-0000-000000000000';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const REQUEST = `id, household_id as "householdId", name, options`;
const JOB = `id, household_id as "householdId", name, requested_at as "requestedAt", started_at as "startedAt", progress,
  ended_at as "endedAt", result, failure`;

type Counters = Readonly<Record<string, number>>;

export class PgJobRequests implements JobRequests {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async record(householdId: HouseholdId, name: string, options: JobOptions): Promise<JobRequest> {
    for (;;) {
      const made = await firstRow<JobRequest>(
        this.#source,
        `with made as (insert into job_request (id, household_id, name, options) values ($1, $2, $3, $4)
            on conflict (household_id, name) where ended_at is null do nothing returning *)
          select ${REQUEST} from made`,
        [newId<JobId>(this.#clock), householdId, name, JSON.stringify(options)],
      );
      const request =
        made ??
        (await firstRow<JobRequest>(
          this.#source,
          `select ${REQUEST} from job_request where household_id = $1 and name = $2 and ended_at is null`,
          [householdId, name],
        ));
      // Neither: the open one ended in between.
      if (request !== undefined) return request;
    }
  }

  async find(householdId: HouseholdId, id: JobId): Promise<JobView | undefined> {
    if (!UUID.test(id)) return undefined;
    const row = await firstRow<JobRow>(
      this.#source,
      `select ${JOB} from job_request where household_id = $1 and id = $2`,
      [householdId, id],
    );
    return row && viewOf(row);
  }

  async list(householdId: HouseholdId, most: number): Promise<readonly JobView[]> {
    const found = await rows<JobRow>(
      this.#source,
      `select ${JOB} from job_request where household_id = $1 order by id desc limit $2`,
      [householdId, most],
    );
    return found.map(viewOf);
  }

  async cancel(householdId: HouseholdId, id: JobId): Promise<'gone' | 'told' | 'ended'> {
    if (!UUID.test(id)) return 'ended';
    return this.#source.transaction(async (tx) => {
      const open = await firstRow<{ waits: boolean }>(
        tx,
        `select started_at is null as waits from job_request
          where household_id = $1 and id = $2 and ended_at is null for update`,
        [householdId, id],
      );
      if (open === undefined) return 'ended';
      if (open.waits) await tx.query('delete from job_request where id = $1', [id]);
      else
        await tx.query(
          'update job_request set cancelled_at = coalesce(cancelled_at, now()) where id = $1',
          [id],
        );
      return open.waits ? 'gone' : 'told';
    });
  }

  async begin(id: JobId): Promise<JobWish> {
    return this.#wish('set started_at = coalesce(started_at, now())', [id]);
  }

  async report(id: JobId, progress: Counters): Promise<JobWish> {
    return this.#wish('set progress = $2', [id, JSON.stringify(progress)]);
  }

  async putBack(id: JobId): Promise<void> {
    await this.#source.query(
      'update job_request set started_at = null where id = $1 and ended_at is null and cancelled_at is null',
      [id],
    );
  }

  async end(id: JobId, end: JobEnd, progress?: Counters): Promise<void> {
    await this.#source.query(
      `update job_request set ended_at = now(), result = $2, failure = $3, progress = coalesce($4, progress)
        where id = $1 and ended_at is null`,
      [
        id,
        'result' in end && end.result !== undefined ? JSON.stringify(end.result) : null,
        'failure' in end ? end.failure : null,
        progress === undefined ? null : JSON.stringify(progress),
      ],
    );
  }

  async open(after: JobId | undefined, most: number): Promise<readonly JobRequest[]> {
    return rows<JobRequest>(
      this.#source,
      `select ${REQUEST} from job_request where ended_at is null and id > $1 order by id limit $2`,
      [after ?? ZERO_ID, most],
    );
  }

  async forgetEnded(): Promise<void> {
    await this.#source.query(
      `delete from job_request where ended_at < now() - interval '7 days'
        and (failure is null or ended_at < now() - interval '30 days')`,
    );
  }

  async #wish(change: string, parameters: unknown[]): Promise<JobWish> {
    const row = await firstRow<{ cancelled: boolean }>(
      this.#source,
      `with job as (update job_request ${change} where id = $1 and ended_at is null returning cancelled_at)
        select cancelled_at is not null as cancelled from job`,
      parameters,
    );
    if (row === undefined) return 'ended';
    return row.cancelled ? 'cancelled' : 'go-on';
  }
}
