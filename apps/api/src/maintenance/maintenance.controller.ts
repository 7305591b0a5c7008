import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { administratorOnly } from '@rootcellar/archive';
import type { Actor, JobOrigin, JobView } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId, JobId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { RequestOrigin } from '../http/request-id.js';
import { SignedInActor } from '../http/sign-in.guard.js';
import { CollectDto, JobDto, JobPageDto, JobRequestedDto } from './maintenance.dto.js';

/** Background work on what the household keeps. For administrators. */
@Controller('api/v1')
export class MaintenanceController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** Reads and checks everything the household has stored, in the background. */
  @Post('maintenance/scrub')
  @HttpCode(202)
  async scrub(
    @SignedInActor() actor: Actor,
    @RequestOrigin() origin: JobOrigin,
  ): Promise<JobRequestedDto> {
    return this.#request(actor, async (householdId) =>
      this.archive.jobs.requestScrub(householdId, origin),
    );
  }

  /** Ends the time of what was in the bin long enough, and gives back what nobody needs, in the background. */
  @Post('maintenance/collect')
  @HttpCode(202)
  @ApiBody({ type: CollectDto, required: false })
  async collect(
    @SignedInActor() actor: Actor,
    @Body() { noGrace, compact }: CollectDto,
    @RequestOrigin() origin: JobOrigin,
  ): Promise<JobRequestedDto> {
    return this.#request(actor, async (householdId) =>
      this.archive.jobs.requestCollection(
        householdId,
        {
          ...(noGrace === true ? { graceSeconds: 0 } : {}),
          ...(compact === true ? { repackBelow: 1 } : {}),
        },
        origin,
      ),
    );
  }

  /** Applies the household's policy as the schedule does: what needs a confirmation by name is not done. */
  @Post('maintenance/retention')
  @HttpCode(202)
  async retention(
    @SignedInActor() actor: Actor,
    @RequestOrigin() origin: JobOrigin,
  ): Promise<JobRequestedDto> {
    return this.#request(actor, async (householdId) =>
      this.archive.jobs.requestRetention(householdId, origin),
    );
  }

  /** The household's jobs, newest first, at most 100. */
  @Get('jobs')
  async jobs(@SignedInActor() actor: Actor): Promise<JobPageDto> {
    administratorOnly(actor);
    const jobs = await this.archive.jobs.list(actor.householdId);
    return { items: jobs.map(toDto), nextCursor: null };
  }

  /** How a job is doing. */
  @Get('jobs/:id')
  async job(@SignedInActor() actor: Actor, @Param('id') id: string): Promise<JobDto> {
    administratorOnly(actor);
    const job = await this.archive.jobs.find(actor.householdId, id as JobId);
    if (job === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such job.');
    return toDto(job);
  }

  /** Takes a waiting job away; a running one stops at its next step. What it did stays done. */
  @Post('jobs/:id/cancel')
  @HttpCode(202)
  async cancel(@SignedInActor() actor: Actor, @Param('id') id: string): Promise<JobDto> {
    administratorOnly(actor);
    const { jobs } = this.archive;
    // Before: one that waits is gone afterwards.
    const job = await jobs.find(actor.householdId, id as JobId);
    if (job === undefined || !(await jobs.cancel(actor.householdId, job.id)))
      throw new ArchiveError('NOT_FOUND', 'There is no such job, or it has ended.');
    return toDto(job);
  }

  async #request(
    actor: Actor,
    ask: (householdId: HouseholdId) => Promise<JobId>,
  ): Promise<JobRequestedDto> {
    administratorOnly(actor);
    const before = await this.archive.jobs.list(actor.householdId);
    const jobId = await ask(actor.householdId);
    return { jobId, joined: before.some(({ id }) => id === jobId) };
  }
}

function toDto(job: JobView): JobDto {
  const { id, name, state, progress, failure = null, requestedAt, endedAt = null } = job;
  const result = (job.result ?? null) as Record<string, unknown> | null;
  return { id, name, state, progress, result, failure, requestedAt, endedAt };
}
