import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { Actor, HoldId } from '@rootcellar/archive';
import { listHolds } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { parseId } from '@rootcellar/model';
import type { DeviceId } from '@rootcellar/model';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { HoldPageDto, HoldQueryDto, HoldRequestDto, HoldSetDto } from './holds.dto.js';

@ForScope('admin')
@Controller('api/v1/holds')
export class HoldsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** What is held on one's own devices and the household's. */
  @Get()
  @ForScope('restore')
  async list(@SignedInActor() actor: Actor, @Query() query: HoldQueryDto): Promise<HoldPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listHolds(this.database, actor, { ...page, deviceId: query.deviceId });
  }

  /** Holds a version on a device, in the place of another version of the app. By the device's owner. */
  @Post()
  async set(@SignedInActor() actor: Actor, @Body() body: HoldRequestDto): Promise<HoldSetDto> {
    const { bundleId, version, build, externalVersionId } = body;
    const deviceId = parseId<DeviceId>(body.deviceId);
    const request = { deviceId, bundleId, version, build, externalVersionId };
    const hold = await this.archive.holds.set(actor, request);
    return {
      id: hold.id,
      version: hold.version ?? null,
      build: hold.build ?? null,
      externalVersionId: hold.externalVersionId ?? null,
    };
  }

  /** Releases a hold; its alerts are resolved by it. By the device's owner; of the household's devices by an administrator. */
  @Delete(':id')
  @HttpCode(204)
  async release(@SignedInActor() actor: Actor, @IdParam() id: HoldId): Promise<void> {
    await this.archive.holds.release(actor, id);
  }
}
