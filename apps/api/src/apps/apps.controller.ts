import { Body, Controller, Get, Inject, Param, Put, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Actor } from '@rootcellar/archive';
import { listAppVersions, listApps } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import type { ArtifactId } from '@rootcellar/model';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Response } from 'express';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { sendStream } from '../http/send-stream.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { AppPageDto, AppVersionPageDto, PrivateDto, PrivateRequestDto } from './apps.dto.js';

@ForScope('restore')
@Controller('api/v1')
export class AppsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** The household's app library, with one's own private packages and what was shared with one. */
  @Get('apps')
  async list(@SignedInActor() actor: Actor, @Query() query: PageQueryDto): Promise<AppPageDto> {
    return listApps(this.database, actor, {
      cursor: query.cursor,
      limit: query.limit ?? PAGE_LIMIT,
    });
  }

  /** The kept versions of an app, with their packages. */
  @Get('apps/:bundleId/versions')
  async versions(
    @SignedInActor() actor: Actor,
    @Param('bundleId') bundleId: string,
    @Query() query: PageQueryDto,
  ): Promise<AppVersionPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listAppVersions(this.database, actor, { ...page, bundleId });
  }

  /** The package, exactly the file that came in. `X-Content-SHA256` is what it must hash to. */
  @Get('artifacts/:id/content')
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async content(
    @SignedInActor() actor: Actor,
    @IdParam() id: ArtifactId,
    @Res() response: Response,
  ): Promise<void> {
    const artifact = await this.archive.readArtifact.execute(actor, id);
    response.setHeader('content-type', 'application/octet-stream');
    response.setHeader('content-length', artifact.size);
    response.setHeader('content-disposition', contentDisposition(artifact.fileName));
    response.setHeader('x-content-sha256', artifact.sha256);
    await sendStream(response, artifact.bytes);
  }

  /** Keeps a package of one's own for oneself, or gives it to the household's library. */
  @Put('artifacts/:id/private')
  @ForScope('admin')
  async setPrivate(
    @SignedInActor() actor: Actor,
    @IdParam() id: ArtifactId,
    @Body() body: PrivateRequestDto,
  ): Promise<PrivateDto> {
    await this.archive.shares.setPrivate(actor, id, body.private);
    return { id, private: body.private };
  }
}

/** RFC 6266: a plain name for old clients, the real one in UTF-8. */
function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^\w .()-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}
