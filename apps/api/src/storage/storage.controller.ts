import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { Actor, LimitedUse, StorageUse } from '@rootcellar/archive';
import { parseId } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import {
  FreesDto,
  FreesQueryDto,
  GroupStoragePageDto,
  StorageDayPageDto,
  StorageDto,
  StorageGroupQueryDto,
  StorageUseDto,
} from './storage.dto.js';

/** What things cost: one's own and the household's; for administrators also totals of the household, its members and devices. */
@ForScope('restore')
@Controller('api/v1/storage')
export class StorageController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** Sizes as they are now. */
  @Get()
  async report(@SignedInActor() actor: Actor): Promise<StorageDto> {
    const report = await this.archive.storage.execute(actor);
    const { packs = null, forecast, members, devices, apps, use } = report;
    return {
      ...{ ...report, packs },
      use: toUse(use),
      ...{ members: [...members], devices: [...devices], apps: [...apps] },
      forecast: forecast === undefined ? null : { ...forecast, fullOn: forecast.fullOn ?? null },
    };
  }

  /** Every group of one kind, with its sizes. All of them on one page. */
  @Get('groups')
  async groups(
    @SignedInActor() actor: Actor,
    @Query() { by }: StorageGroupQueryDto,
  ): Promise<GroupStoragePageDto> {
    return { items: [...(await this.archive.storage.groups(actor, by))], nextCursor: null };
  }

  /** What deleting all of these together would free, exactly. Deletes nothing. */
  @Post('frees')
  @HttpCode(200)
  async frees(@SignedInActor() actor: Actor, @Body() { ids }: FreesQueryDto): Promise<FreesDto> {
    const asked = ids.map((id) => parseId<SnapshotId>(id));
    return { freedBytes: await this.archive.storage.frees(actor, asked) };
  }

  /** Total sizes by day, oldest first, of the last year. For administrators. */
  @Get('history')
  async history(@SignedInActor() actor: Actor): Promise<StorageDayPageDto> {
    const days = await this.archive.storage.history(actor);
    return { items: days.map((day) => ({ id: day.day, ...day })), nextCursor: null };
  }
}

function toUse({ household, members }: StorageUse): StorageUseDto {
  const told = <T extends LimitedUse>(use: T): T & { quotaBytes: number | null } => ({
    ...use,
    quotaBytes: use.quotaBytes ?? null,
  });
  return {
    household: household === undefined ? null : told(household),
    members: members.map(told),
  };
}
