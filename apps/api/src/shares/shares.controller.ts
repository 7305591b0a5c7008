import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { Actor, ShareId } from '@rootcellar/archive';
import { listShares } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { parseId } from '@rootcellar/model';
import type { MemberId, SnapshotId } from '@rootcellar/model';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { ShareGivenDto, SharePageDto, ShareRequestDto } from './shares.dto.js';

@Controller('api/v1/shares')
export class SharesController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Lets a member of the household read a snapshot, one app's data of it, or a package, until a date. Shared once more, it gets that date. */
  @Post()
  async give(@SignedInActor() actor: Actor, @Body() body: ShareRequestDto): Promise<ShareGivenDto> {
    const id = await this.archive.shares.give(actor, {
      rootId: parseId<SnapshotId>(body.rootId),
      bundleId: body.bundleId,
      withMemberId: parseId<MemberId>(body.withMemberId),
      until: new Date(body.until),
    });
    return { id };
  }

  /** What one shared and what was shared with one, newest first. */
  @Get()
  @ForScope('restore')
  async list(@SignedInActor() actor: Actor, @Query() query: PageQueryDto): Promise<SharePageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listShares(this.database, actor, page);
  }

  /** Takes it back, or refuses it. */
  @Delete(':id')
  @HttpCode(204)
  async end(@SignedInActor() actor: Actor, @IdParam() id: ShareId): Promise<void> {
    await this.archive.shares.end(actor, id);
  }
}
