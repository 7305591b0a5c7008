import { Body, Controller, Get, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { nextStep } from '@rootcellar/archive';
import type { Actor, RunView, RunnerId, StepReport, StepReportId } from '@rootcellar/archive';
import { parseId } from '@rootcellar/model';
import type { RollbackPlanId, SnapshotId } from '@rootcellar/model';
import { ARCHIVE, encodeErrorRecord } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Response } from 'express';
import { IdParam } from '../http/id-param.js';
import { sendStream } from '../http/send-stream.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { RunDto, StepReportDto } from './rollback-runs.dto.js';

const FILE_STREAM = 'application/vnd.rootcellar.files';

/** Carrying a rollback plan out: the agent does the steps and tells of them here. */
@ForScope('admin')
@Controller('api/v1/rollback-plans')
export class RollbackRunsController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** How far a plan of one's own was carried out. */
  @Get(':id/steps')
  @ForScope('restore')
  async view(@SignedInActor() actor: Actor, @IdParam() id: RollbackPlanId): Promise<RunDto> {
    return toDto(id, await this.archive.rollbackRuns.view(actor, id));
  }

  /** The plan's data as it lies in its backup folder, with that backup's lists, as a file stream (docs/protocol.md). */
  @Get(':id/data')
  @ForScope('restore')
  @ApiProduces(FILE_STREAM)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async data(
    @SignedInActor() actor: Actor,
    @IdParam() id: RollbackPlanId,
    @Res() response: Response,
  ): Promise<void> {
    const { bytes } = await this.archive.streamPlanData.execute(actor, id);
    response.type(FILE_STREAM);
    await sendStream(response, bytes, { lastWords: encodeErrorRecord });
  }

  /**
   * Tells of a step: started, going on, done, failed. Steps follow each other; a failure leaves the run where it is. What is said to be done is
   * checked where it can be: the fresh backup is a snapshot, the device lists the version.
   */
  @Post(':id/steps')
  @HttpCode(200)
  async report(
    @SignedInActor() actor: Actor,
    @IdParam() id: RollbackPlanId,
    @Body() body: StepReportDto,
  ): Promise<RunDto> {
    return toDto(id, await this.archive.rollbackRuns.report(actor, id, toReport(body)));
  }
}

function toReport({ id, runner, snapshotId, seen, ...body }: StepReportDto): StepReport {
  const { version, build, externalVersionId } = seen ?? {};
  return {
    ...body,
    id: parseId<StepReportId>(id),
    runner: parseId<RunnerId>(runner),
    snapshotId: snapshotId === undefined ? undefined : parseId<SnapshotId>(snapshotId),
    seen: seen === undefined ? undefined : { version, build, externalVersionId },
  };
}

function toDto(planId: RollbackPlanId, { state, steps, claim }: RunView): RunDto {
  return {
    ...{ planId, state, next: nextStep(state) ?? null },
    computer: claim === undefined || claim.silent ? null : claim.computer,
    items: [...steps],
  };
}
