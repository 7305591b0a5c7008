import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import type { Actor } from '@rootcellar/archive';
import { listRollbackPlans } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { parseId } from '@rootcellar/model';
import type { ArtifactId, DeviceId, RollbackPlanId } from '@rootcellar/model';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { rollbackPlanAnswer } from './rollback-plan-answer.js';
import {
  RollbackPlanDto,
  RollbackPlanPageDto,
  RollbackRequestDto,
  StoreFilesDto,
} from './rollback-plan.dto.js';

@ForScope('restore')
@Controller('api/v1/rollback-plans')
export class RollbackPlansController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Plans how an app goes back to a version that is kept, on a device, with the data of that time. Nothing but the plan comes about. */
  @Post()
  async make(
    @SignedInActor() actor: Actor,
    @Body() body: RollbackRequestDto,
  ): Promise<RollbackPlanDto> {
    const { bundleId, deviceId, artifactId } = body;
    const plan = await this.archive.planRollback.execute(actor, {
      bundleId,
      deviceId: parseId<DeviceId>(deviceId),
      artifactId: artifactId === undefined ? undefined : parseId<ArtifactId>(artifactId),
    });
    return rollbackPlanAnswer(plan);
  }

  /** One's own plans, newest first. */
  @Get()
  async list(
    @SignedInActor() actor: Actor,
    @Query() query: PageQueryDto,
  ): Promise<RollbackPlanPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listRollbackPlans(this.database, actor, page);
  }

  /** A plan, and whether it still holds. */
  @Get(':id')
  async show(
    @SignedInActor() actor: Actor,
    @IdParam() id: RollbackPlanId,
  ): Promise<RollbackPlanDto> {
    return rollbackPlanAnswer(await this.archive.rollbackPlans.find(actor, id));
  }

  /** The buyer's rights and the store's description, out of the member's own backup, where the package lacks them. */
  @Get(':id/store-files')
  async storeFiles(
    @SignedInActor() actor: Actor,
    @IdParam() id: RollbackPlanId,
  ): Promise<StoreFilesDto> {
    const { sinf, metadata } = await this.archive.readStoreFiles.execute(actor, id);
    return { sinf: base64(sinf), metadata: base64(metadata) };
  }
}

function base64(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : Buffer.from(bytes).toString('base64');
}
