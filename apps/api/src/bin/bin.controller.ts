import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Actor, RootKind } from '@rootcellar/archive';
import type { ArtifactId, RootId, SnapshotId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import {
  BinEmptiedDto,
  BinPageDto,
  ConfirmDto,
  ForgetDto,
  ForgottenDto,
  PinnedDto,
  UndoneDto,
} from './bin.dto.js';

/** Pins and the way to the bin and back, for one's own snapshots and packages; administrators for all but private packages. */
@Controller('api/v1')
export class BinController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** Nothing removes it until it is unpinned. */
  @Post('snapshots/:id/pin')
  @HttpCode(200)
  async pinSnapshot(@SignedInActor() actor: Actor, @IdParam() id: SnapshotId): Promise<PinnedDto> {
    return this.#pin(actor, 'snapshot', id, true);
  }

  @Post('snapshots/:id/unpin')
  @HttpCode(200)
  async unpinSnapshot(
    @SignedInActor() actor: Actor,
    @IdParam() id: SnapshotId,
  ): Promise<PinnedDto> {
    return this.#pin(actor, 'snapshot', id, false);
  }

  /** Moves it to the bin, or says what that would do. */
  @Post('snapshots/:id/forget')
  @HttpCode(200)
  @ApiBody({ type: ForgetDto, required: false })
  async forgetSnapshot(
    @SignedInActor() actor: Actor,
    @IdParam() id: SnapshotId,
    @Body() body: ForgetDto,
  ): Promise<ForgottenDto> {
    return this.#forget(actor, 'snapshot', id, body);
  }

  /** Brings it back from the bin as it was. */
  @Post('snapshots/:id/undo')
  @HttpCode(200)
  async undoSnapshot(@SignedInActor() actor: Actor, @IdParam() id: SnapshotId): Promise<UndoneDto> {
    await this.archive.bin.undo(actor, 'snapshot', id);
    return { id, undone: true };
  }

  /** Nothing removes it until it is unpinned. */
  @Post('artifacts/:id/pin')
  @HttpCode(200)
  async pinArtifact(@SignedInActor() actor: Actor, @IdParam() id: ArtifactId): Promise<PinnedDto> {
    return this.#pin(actor, 'artifact', id, true);
  }

  @Post('artifacts/:id/unpin')
  @HttpCode(200)
  async unpinArtifact(
    @SignedInActor() actor: Actor,
    @IdParam() id: ArtifactId,
  ): Promise<PinnedDto> {
    return this.#pin(actor, 'artifact', id, false);
  }

  /** Moves it to the bin, or says what that would do. */
  @Post('artifacts/:id/forget')
  @HttpCode(200)
  @ApiBody({ type: ForgetDto, required: false })
  async forgetArtifact(
    @SignedInActor() actor: Actor,
    @IdParam() id: ArtifactId,
    @Body() body: ForgetDto,
  ): Promise<ForgottenDto> {
    return this.#forget(actor, 'artifact', id, body);
  }

  /** Brings it back from the bin as it was. */
  @Post('artifacts/:id/undo')
  @HttpCode(200)
  async undoArtifact(@SignedInActor() actor: Actor, @IdParam() id: ArtifactId): Promise<UndoneDto> {
    await this.archive.bin.undo(actor, 'artifact', id);
    return { id, undone: true };
  }

  /** What the member could bring back; what goes first is first. All of it on one page. */
  @Get('bin')
  @ForScope('restore')
  async list(@SignedInActor() actor: Actor): Promise<BinPageDto> {
    const entries = await this.archive.bin.list(actor);
    return {
      items: entries.map(({ rule = null, ...entry }) => ({ ...entry, rule })),
      nextCursor: null,
    };
  }

  /** Ends the time of everything in the bin; the next collection takes it. For administrators; confirmed with the household's name. */
  @Post('bin/empty')
  @HttpCode(200)
  async empty(@SignedInActor() actor: Actor, @Body() body: ConfirmDto): Promise<BinEmptiedDto> {
    return { ended: await this.archive.bin.empty(actor, body.confirm ?? []) };
  }

  async #pin(actor: Actor, kind: RootKind, id: RootId, pinned: boolean): Promise<PinnedDto> {
    await this.archive.bin.setPinned(actor, kind, id, pinned);
    return { id, pinned };
  }

  async #forget(
    actor: Actor,
    kind: RootKind,
    id: RootId,
    { dryRun = false, confirm = [] }: ForgetDto,
  ): Promise<ForgottenDto> {
    const { bin } = this.archive;
    const { name, freedBytes, goneAfter, confirmations } = dryRun
      ? await bin.preview(actor, kind, id)
      : await bin.forget(actor, kind, id, confirm);
    return {
      items: [{ id, name, freedBytes }],
      ...{ freedBytes, goneAfter, dryRun, confirmations: [...confirmations] },
    };
  }
}
