import { Controller, Get, Inject, Query } from '@nestjs/common';
import { administratorOnly } from '@rootcellar/archive';
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

  /** Who removed, brought back or pinned what, newest first. For administrators. */
  @Get()
  async list(@SignedInActor() actor: Actor, @Query() query: PageQueryDto): Promise<AuditPageDto> {
    administratorOnly(actor);
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listAudit(this.database, actor, page);
  }
}
