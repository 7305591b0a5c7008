import { Body, Controller, Delete, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Actor, Declared, QuotaState } from '@rootcellar/archive';
import type { MemberId, UploadId } from '@rootcellar/model';
import { ARCHIVE, WATCH } from '@rootcellar/platform';
import type { Archive, Watch } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { IdParam } from '../http/id-param.js';
import { bodyPieces, declaredLength, readBody, readBodyInto } from '../http/read-body.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { toCommitDto } from './commit-response.js';
import {
  CommitDto,
  CommitQueryDto,
  OpenUploadDto,
  OpenedUploadDto,
  QuotaStateDto,
  ReceivedChunksDto,
} from './uploads.dto.js';

const BODY_MAX_BYTES = 16 * 1024 * 1024;
const HAVE_MAX_BYTES = 4096 * 32;
const BINARY = { schema: { type: 'string', format: 'binary' } };

@ForScope('push')
@Controller('api/v1/uploads')
export class UploadsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(WATCH) private readonly watch: Watch,
  ) {}

  /** Opens an upload; answers at once when the package is kept already. */
  @Post()
  async open(@SignedInActor() actor: Actor, @Body() body: OpenUploadDto): Promise<OpenedUploadDto> {
    const opened = await this.archive.openUpload.execute(actor, toDeclared(body), {
      resume: body.resume as UploadId | undefined,
      logicalBytes: body.logicalBytes,
    });
    if (opened.status === 'already-kept') {
      const { status, artifactId } = opened;
      return {
        status,
        artifactId,
        uploadId: null,
        resumed: false,
        expiresAt: null,
        gearSeed: null,
        quota: null,
      };
    }
    return {
      status: 'open',
      uploadId: opened.upload.id,
      resumed: opened.resumed,
      expiresAt: opened.upload.expiresAt,
      gearSeed: Buffer.from(opened.gearSeed).toString('base64'),
      artifactId: null,
      quota: toQuota(opened.quota),
    };
  }

  /** Have/lack: 32-byte ids in, one byte per id out (docs/protocol.md). */
  @Post(':id/have')
  @HttpCode(200)
  @ApiConsumes('application/octet-stream')
  @ApiProduces('application/octet-stream')
  @ApiBody(BINARY)
  @ApiOkResponse(BINARY)
  async have(
    @SignedInActor() actor: Actor,
    @IdParam() id: UploadId,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const ids = await readBody(request, HAVE_MAX_BYTES);
    const held = await this.archive.receiveChunks.have(actor, id, ids);
    this.watch.metrics.uploads.asked(held);
    response.type('application/octet-stream').send(Buffer.from(held));
  }

  /** Chunk frames (docs/protocol.md). Answers when every chunk of the body is durable. */
  @Post(':id/chunks')
  @HttpCode(200)
  @ApiConsumes('application/vnd.rootcellar.chunks')
  @ApiBody(BINARY)
  async chunks(
    @SignedInActor() actor: Actor,
    @IdParam() id: UploadId,
    @Req() request: Request,
  ): Promise<ReceivedChunksDto> {
    const bytes = declaredLength(request, BODY_MAX_BYTES);
    const receipt = await this.archive.receiveChunks.receive(actor, id, async (memory) =>
      readBodyInto(request, memory),
    );
    this.watch.metrics.uploads.received(bytes);
    return receipt;
  }

  /** What the upload consists of, as entry records (docs/protocol.md). Only this makes it visible. Committing again gives the same. */
  @Post(':id/commit')
  @HttpCode(200)
  @ApiConsumes('application/vnd.rootcellar.entries')
  @ApiBody(BINARY)
  async commit(
    @SignedInActor() actor: Actor,
    @IdParam() id: UploadId,
    @Query() query: CommitQueryDto,
    @Req() request: Request,
  ): Promise<CommitDto> {
    const claims = { missingFiles: query.missingFiles ?? 0, damagedFiles: query.damagedFiles ?? 0 };
    const result = await this.archive.commitUpload.execute(actor, id, bodyPieces(request), claims);
    this.watch.metrics.uploads.committed(
      result.status,
      'logicalBytes' in result ? result : undefined,
    );
    return toCommitDto(result);
  }

  /** Gives the upload up. */
  @Delete(':id')
  @HttpCode(204)
  async abandon(@SignedInActor() actor: Actor, @IdParam() id: UploadId): Promise<void> {
    await this.archive.abandonUpload.execute(actor, id);
  }
}

function toDeclared(body: OpenUploadDto): Declared {
  return body.kind === 'snapshot'
    ? {
        kind: 'snapshot',
        udid: body.udid ?? '',
        deviceName: body.deviceName ?? '',
        ...(body.owner === undefined ? {} : { owner: body.owner as MemberId | 'household' }),
      }
    : {
        kind: 'artifact',
        sha256: body.sha256 ?? '',
        size: body.size ?? 0,
        fileName: body.fileName ?? '',
        ...(body.private === true ? { private: true } : {}),
      };
}

/** How much others use is not for every member to know. */
function toQuota(quota: QuotaState | undefined): QuotaStateDto | null {
  if (quota === undefined) return null;
  return quota.scope === 'member' ? quota : { ...quota, usedBytes: null };
}
