import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Actor, HouseholdChange } from '@rootcellar/archive';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Response } from 'express';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { ChangeStreams } from './change-streams.js';

/** Says when something is worth reading again. */
@ForScope('restore')
@Controller('api/v1/changes')
export class ChangesController {
  readonly #streams = new ChangeStreams();

  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /**
   * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): `change` with `kind` and `id` of what is one's own, for
   * administrators also of jobs and the policy; `missed` when something may not have been told, as at the beginning: read again what you show.
   * Ends after an hour at most; connect again.
   */
  @Get()
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  stream(@SignedInActor() actor: Actor, @Res() response: Response): void {
    const stream = this.#streams.open(actor, response);
    const subscription = this.archive.changes.subscribe(actor.householdId, (change) => {
      if (change === 'missed') stream.send('missed', {});
      else if (concerns(actor, change)) stream.send('change', { kind: change.kind, id: change.id });
    });
    stream.send('missed', {});
    response.on('close', () => subscription[Symbol.dispose]());
  }
}

function concerns({ memberId, role }: Actor, change: HouseholdChange): boolean {
  return change.memberId === undefined ? role === 'admin' : change.memberId === memberId;
}
