import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { Principal } from '@rootcellar/archive';
import { listTokens } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import type { CredentialId } from '@rootcellar/model';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { SignedIn } from '../http/sign-in.guard.js';
import { NewTokenDto, TokenCreatedDto, TokenPageDto } from './tokens.dto.js';

/** Tokens for machines. Only a sign-in that may do everything makes and revokes them: a stolen narrower one must not outlive itself. */
@Controller('api/v1/tokens')
export class TokensController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** A token for the household of this sign-in. */
  @Post()
  async create(
    @SignedIn() principal: Principal,
    @Body() { name, scope, expiresAt }: NewTokenDto,
  ): Promise<TokenCreatedDto> {
    const until = expiresAt === undefined ? undefined : new Date(expiresAt);
    return this.archive.tokens.create(principal, { name, scope, expiresAt: until });
  }

  /** One's own; for administrators those of the household's members too. */
  @Get()
  async list(
    @SignedIn() principal: Principal,
    @Query() query: PageQueryDto,
  ): Promise<TokenPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listTokens(this.database, principal, page);
  }

  /** It works no more. */
  @Delete(':id')
  @HttpCode(204)
  async revoke(@SignedIn() principal: Principal, @IdParam() id: CredentialId): Promise<void> {
    await this.archive.tokens.revoke(principal, id);
  }
}
