import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Actor } from '@rootcellar/archive';
import { findSnapshotView, listSnapshots } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { ArchiveError } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import { ARCHIVE, DATABASE, encodeErrorRecord } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Response } from 'express';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT } from '../http/page.dto.js';
import { sendStream } from '../http/send-stream.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { coverageAnswer } from './coverage-answer.js';
import { SnapshotCoverageDto } from './coverage.dto.js';
import {
  BackupFilePageDto,
  FileQueryDto,
  SnapshotDto,
  SnapshotPageDto,
  SnapshotQueryDto,
  StreamQueryDto,
} from './snapshots.dto.js';

const FILE_STREAM = 'application/vnd.rootcellar.files';

@ForScope('restore')
@Controller('api/v1/snapshots')
export class SnapshotsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Snapshots the member may read: own ones, the household's, and shared ones; newest first. */
  @Get()
  async list(
    @SignedInActor() actor: Actor,
    @Query() query: SnapshotQueryDto,
  ): Promise<SnapshotPageDto> {
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listSnapshots(this.database, actor, { ...page, deviceId: query.deviceId });
  }

  @Get(':id')
  async show(@SignedInActor() actor: Actor, @IdParam() id: SnapshotId): Promise<SnapshotDto> {
    const snapshot = await findSnapshotView(this.database, actor, id);
    if (snapshot === undefined) {
      throw new ArchiveError('NOT_FOUND', 'There is no such snapshot, or it is not yours.', {
        hint: '`rootcellar snapshot list` shows yours.',
      });
    }
    return snapshot;
  }

  /** What is in the backup, as its Manifest.db lists it: domains, or the files of one. Not for encrypted backups. */
  @Get(':id/files')
  async files(
    @SignedInActor() actor: Actor,
    @IdParam() id: SnapshotId,
    @Query() query: FileQueryDto,
  ): Promise<BackupFilePageDto> {
    return this.archive.browseSnapshot.list(actor, id, {
      ...query,
      limit: query.limit ?? PAGE_LIMIT,
    });
  }

  /** What the backup contains and what a restore would not bring back. For encrypted backups, what can be said without the password. */
  @Get(':id/coverage')
  async coverage(
    @SignedInActor() actor: Actor,
    @IdParam() id: SnapshotId,
  ): Promise<SnapshotCoverageDto> {
    return coverageAnswer(id, await this.archive.snapshotCoverage.execute(actor, id));
  }

  /** The backup folder, or a part of it, as a file stream (docs/protocol.md). */
  @Get(':id/stream')
  @ApiProduces(FILE_STREAM)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async stream(
    @SignedInActor() actor: Actor,
    @IdParam() id: SnapshotId,
    @Query() query: StreamQueryDto,
    @Res() response: Response,
  ): Promise<void> {
    const { domain, path, after } = query;
    const { bytes } =
      domain === undefined
        ? await this.archive.streamSnapshot.execute(actor, id, after)
        : await this.archive.browseSnapshot.stream(actor, id, { domain, path });
    response.type(FILE_STREAM);
    await sendStream(response, bytes, { lastWords: encodeErrorRecord });
  }
}
