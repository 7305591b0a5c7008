import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { administratorOnly, doerOf } from '@rootcellar/archive';
import type { Actor } from '@rootcellar/archive';
import { allAudit, listAudit } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Response } from 'express';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { sendStream } from '../http/send-stream.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { csvOf, jsonOf } from './audit-export.js';
import {
  AuditExportQueryDto,
  AuditPageDto,
  AuditVerificationDto,
  AuditVerifyQueryDto,
} from './audit.dto.js';

@Controller('api/v1/audit')
export class AuditController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ARCHIVE) private readonly archive: Archive,
  ) {}

  /**
   * Who did what, newest first: what one did, or what concerns one; for administrators the household's but private packages, and without what
   * others' snapshots are called.
   */
  @Get()
  @ForScope('restore')
  async list(@SignedInActor() actor: Actor, @Query() query: PageQueryDto): Promise<AuditPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listAudit(this.database, actor, page);
  }

  /** All that the list tells, oldest first, as a file. That it was asked for is written to the trail. */
  @Get('export')
  @ApiProduces('text/csv', 'application/json')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(
    @SignedInActor() actor: Actor,
    @Query() { format = 'csv' }: AuditExportQueryDto,
    @Res() response: Response,
  ): Promise<void> {
    await this.archive.audit.note(actor.householdId, [
      { action: 'trail-exported', kind: 'household', subject: format, ...doerOf(actor) },
    ]);
    const lines = allAudit(this.database, actor);
    response.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json');
    response.setHeader('content-disposition', `attachment; filename="audit.${format}"`);
    await sendStream(response, format === 'csv' ? csvOf(lines) : jsonOf(lines));
  }

  /** Reckons the whole trail anew: whether every line is as it was written. With a head that was kept elsewhere, whether that is still in it. For administrators. */
  @Get('verify')
  async verify(
    @SignedInActor() actor: Actor,
    @Query() { seq, hash }: AuditVerifyQueryDto,
  ): Promise<AuditVerificationDto> {
    administratorOnly(actor);
    const kept = seq === undefined || hash === undefined ? undefined : { seq, hash };
    const found = await this.archive.audit.verify(actor.householdId, { kept });
    return { ...found, intact: found.broken === undefined, broken: found.broken ?? null };
  }
}
