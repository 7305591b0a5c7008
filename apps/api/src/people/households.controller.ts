import { Body, Controller, Get, Inject, Post, Put, Query, Req } from '@nestjs/common';
import { operatorOnly } from '@rootcellar/archive';
import type { Principal } from '@rootcellar/archive';
import { listAccounts, listHouseholds } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';
import { ARCHIVE, DATABASE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request } from 'express';
import { ownAddress } from '../http/own-address.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { SignedIn } from '../http/sign-in.guard.js';
import {
  AccountPageDto,
  HouseholdCreatedDto,
  HouseholdPageDto,
  NewHouseholdDto,
  UseHouseholdDto,
  UsedHouseholdDto,
} from './households.dto.js';
import { invitationLink } from './invitation-link.js';

/** Households and accounts of the server, for its operator; and which of one's households a sign-in is for. */
@Controller('api/v1')
export class HouseholdsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /** A further household, and the invitation of its first administrator. For the operator, who does not belong to it. */
  @Post('households')
  async create(
    @SignedIn() principal: Principal,
    @Body() body: NewHouseholdDto,
    @Req() request: Request,
  ): Promise<HouseholdCreatedDto> {
    const created = await this.archive.invitations.createHousehold(principal, body);
    const { householdId, name, expiresAt, token } = created;
    const link = invitationLink(ownAddress(request, this.publicUrl), token);
    return { householdId, name, link, expiresAt };
  }

  /** Every household of the server and what it takes. For the operator. */
  @Get('households')
  async list(
    @SignedIn() principal: Principal,
    @Query() query: PageQueryDto,
  ): Promise<HouseholdPageDto> {
    operatorOnly(principal);
    return listHouseholds(this.database, pageIn(query));
  }

  /** Everybody who signs in at this server. For the operator. */
  @Get('accounts')
  async accounts(
    @SignedIn() principal: Principal,
    @Query() query: PageQueryDto,
  ): Promise<AccountPageDto> {
    operatorOnly(principal);
    const { items, nextCursor } = await listAccounts(this.database, pageIn(query));
    return {
      items: items.map((item) => ({ ...item, households: [...item.households] })),
      nextCursor,
    };
  }

  /** Makes this sign-in one for another of the account's households. */
  @Put('sessions/current/household')
  async use(
    @SignedIn() principal: Principal,
    @Body() { householdId }: UseHouseholdDto,
  ): Promise<UsedHouseholdDto> {
    const { people } = this.archive;
    const used = await people.switchHousehold(principal, householdId as HouseholdId);
    if (used !== undefined)
      return { householdId: used.householdId, memberId: used.memberId, role: used.role };
    throw new ArchiveError('NOT_FOUND', 'You belong to no such household.', {
      hint: '`rootcellar household list` shows yours.',
    });
  }
}

function pageIn({ cursor, limit = PAGE_LIMIT }: PageQueryDto): {
  readonly cursor: string | undefined;
  readonly limit: number;
} {
  return { cursor, limit };
}
