import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { Actor } from '@rootcellar/archive';
import { listAudit } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { DATABASE } from '@rootcellar/platform';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { SignedInActor } from '../http/sign-in.guard.js';
import { AuditPageDto } from './audit.dto.js';

@Controller('api/v1/audit')
export class AuditController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Who did what that concerns one, newest first; for administrators all that is not private. */
  @Get()
  async list(@SignedInActor() actor: Actor, @Query() query: PageQueryDto): Promise<AuditPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listAudit(this.database, actor, page);
  }
}
