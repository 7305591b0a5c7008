import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { Actor, AlertId } from '@rootcellar/archive';
import { listAlerts } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { AlertPageDto, AlertQueryDto } from './holds.dto.js';

@ForScope('admin')
@Controller('api/v1/alerts')
export class AlertsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Where backups of one's own devices and the household's show another version than is held there; newest first. */
  @Get()
  @ForScope('restore')
  async list(@SignedInActor() actor: Actor, @Query() query: AlertQueryDto): Promise<AlertPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listAlerts(this.database, actor, { ...page, dismissed: query.dismissed ?? false });
  }

  /** Says that it was seen. The hold stays, and the same version raises no alert again. */
  @Post(':id/dismiss')
  @HttpCode(204)
  async dismiss(@SignedInActor() actor: Actor, @IdParam() id: AlertId): Promise<void> {
    await this.archive.holds.dismiss(actor, id);
  }
}
