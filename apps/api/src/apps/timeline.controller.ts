import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import type { Actor, FoundGap, TimelineEntry, TimelinePackage } from '@rootcellar/archive';
import type { DeviceId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import {
  AppLinkDto,
  AppLinkRequestDto,
  GapPageDto,
  GapsQueryDto,
  TimelineDto,
} from './timeline.dto.js';
import type { FoundGapDto, TimelineEntryDto, TimelinePackageDto } from './timeline.dto.js';

@ForScope('restore')
@Controller('api/v1')
export class TimelineController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** All versions of an app that packages or backups of yours tell of, newest first; at most 200 a page. */
  @Get('apps/:bundleId/timeline')
  async timeline(
    @SignedInActor() actor: Actor,
    @Param('bundleId') bundleId: string,
    @Query() { cursor, limit = PAGE_LIMIT }: PageQueryDto,
  ): Promise<TimelineDto> {
    const page = await this.archive.appTimeline.execute(actor, bundleId, { cursor, limit });
    return { items: page.items.map(entryOf), nextCursor: page.nextCursor };
  }

  /** Versions that backups of yours tell of and no package is kept of, with what to do next. */
  @Get('gaps')
  async gaps(
    @SignedInActor() actor: Actor,
    @Query() { cursor, limit = PAGE_LIMIT, deviceId }: GapsQueryDto,
  ): Promise<GapPageDto> {
    const asked = { cursor, limit, deviceId: deviceId as DeviceId | undefined };
    const page = await this.archive.gapRadar.execute(actor, asked);
    return { items: page.items.map(gapOf), nextCursor: page.nextCursor };
  }

  /** Says that an app goes on under another bundle id: the timeline of either shows both. */
  @Put('apps/:bundleId/link')
  @ForScope('admin')
  async link(
    @SignedInActor() actor: Actor,
    @Param('bundleId') bundleId: string,
    @Body() { to }: AppLinkRequestDto,
  ): Promise<AppLinkDto> {
    await this.archive.appLinks.set(actor, bundleId, to ?? undefined);
    return { bundleId, to };
  }
}

function entryOf(entry: TimelineEntry): TimelineEntryDto {
  const { changes, gap } = entry;
  return {
    ...entry,
    name: entry.name ?? null,
    version: entry.version ?? null,
    build: entry.build ?? null,
    externalVersionId: entry.externalVersionId ?? null,
    alsoShown: [...entry.alsoShown],
    releasedAt: entry.releasedAt ?? null,
    packages: entry.packages.map(packageOf),
    minimumOs: entry.minimumOs ?? null,
    ...{ deviceFamilies: [...entry.deviceFamilies], architectures: [...entry.architectures] },
    ...{ seen: [...entry.seen], data: [...entry.data] },
    changes: changes === undefined ? null : changesOf(changes),
    subscription: entry.subscription ?? null,
    gap: gap ?? null,
  };
}

function packageOf({ cost, ...kept }: TimelinePackage): TimelinePackageDto {
  const { aloneBytes = null, sharedBytes = null, freesBytes = null } = cost ?? {};
  return {
    ...kept,
    buyer: kept.buyer ?? null,
    ...{ aloneBytes, sharedBytes, freesBytes },
    ...{ reasons: [...kept.reasons], problems: [...kept.problems] },
  };
}

function changesOf(
  changes: NonNullable<TimelineEntry['changes']>,
): NonNullable<TimelineEntryDto['changes']> {
  const { permissions, frameworks } = changes;
  return {
    ...changes,
    minimumOs: changes.minimumOs ?? null,
    permissions: { added: [...permissions.added], dropped: [...permissions.dropped] },
    frameworks: { added: [...frameworks.added], dropped: [...frameworks.dropped] },
    newSignals: [...changes.newSignals],
  };
}

function gapOf(gap: FoundGap): FoundGapDto {
  return {
    ...gap,
    name: gap.name ?? null,
    version: gap.version ?? null,
    build: gap.build ?? null,
    externalVersionId: gap.externalVersionId ?? null,
    itemId: gap.itemId ?? null,
    fromStore: gap.fromStore ?? null,
    devices: [...gap.devices],
  };
}
