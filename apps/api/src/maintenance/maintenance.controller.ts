import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { Actor } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { JobId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { SignedInActor } from '../http/sign-in.guard.js';
import { JobDto, JobRequestedDto } from './maintenance.dto.js';

@Controller('api/v1')
export class MaintenanceController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** Reads and checks everything the household has stored, in the background. */
  @Post('maintenance/scrub')
  @HttpCode(202)
  async scrub(@SignedInActor() actor: Actor): Promise<JobRequestedDto> {
    if (actor.role !== 'admin')
      throw new ArchiveError('FORBIDDEN', 'Only an administrator may start a scrub.');
    return { jobId: await this.archive.jobs.requestScrub(actor.householdId) };
  }

  /** How a job is doing. */
  @Get('jobs/:id')
  async job(@SignedInActor() actor: Actor, @Param('id') id: string): Promise<JobDto> {
    const job = await this.archive.jobs.find(actor.householdId, id as JobId);
    if (job === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such job.');
    const { name, state, progress, failure = null } = job;
    const result = (job.result ?? null) as Record<string, unknown> | null;
    return { id, name, state, progress, result, failure };
  }
}
