import { Body, Controller, Get, HttpCode, Inject, Patch, Post, Query } from '@nestjs/common';
import type { Actor, EndedMembership, EndingWish } from '@rootcellar/archive';
import { listMembers } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import type { MemberId } from '@rootcellar/model';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import {
  ChangeMemberDto,
  EndMembershipDto,
  EndedMembershipDto,
  MemberPageDto,
} from './members.dto.js';

@Controller('api/v1/members')
export class MembersController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Who belongs to the household. Of others, sizes and the last backup are for administrators; what they are of is for nobody. */
  @Get()
  @ForScope('restore')
  async list(@SignedInActor() actor: Actor, @Query() query: PageQueryDto): Promise<MemberPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listMembers(this.database, actor, page);
  }

  /** Changes a name or a role. For administrators; everybody may change their own name. */
  @Patch(':id')
  @HttpCode(204)
  async change(
    @SignedInActor() actor: Actor,
    @IdParam() id: MemberId,
    @Body() body: ChangeMemberDto,
  ): Promise<void> {
    await this.archive.members.change(actor, id, body);
  }

  /** Leaves the household, or says what that would do. Confirmed with the household's name. */
  @Post('me/leave')
  @HttpCode(200)
  async leave(
    @SignedInActor() actor: Actor,
    @Body() body: EndMembershipDto,
  ): Promise<EndedMembershipDto> {
    return toDto(await this.archive.endMembership.leave(actor, wishOf(body)));
  }

  /**
   * Ends somebody's membership, or says what that would do. Confirmed with the member's name. For administrators; a hand-over waits until
   * the member leaves with it themselves.
   */
  @Post(':id/remove')
  @HttpCode(200)
  async remove(
    @SignedInActor() actor: Actor,
    @IdParam() id: MemberId,
    @Body() body: EndMembershipDto,
  ): Promise<EndedMembershipDto> {
    return toDto(await this.archive.endMembership.remove(actor, id, wishOf(body)));
  }
}

function wishOf({ data, to, until, confirm = [], dryRun = false }: EndMembershipDto): EndingWish {
  return {
    ...{ data, confirm, dryRun },
    to: to as MemberId | undefined,
    until: until === undefined ? undefined : new Date(until),
  };
}

function toDto({ until, ...ended }: EndedMembership): EndedMembershipDto {
  return { ...ended, until: until ?? null };
}
