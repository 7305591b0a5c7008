import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { administratorOnly } from '@rootcellar/archive';
import type { Actor, Principal } from '@rootcellar/archive';
import { listInvitations } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import type { InvitationId } from '@rootcellar/model';
import { ARCHIVE, DATABASE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { LimitAttempts } from '../http/limit-attempts.js';
import { IdParam } from '../http/id-param.js';
import { originOfRequest } from '../http/origin-of-request.js';
import { ownAddress } from '../http/own-address.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { OpenToAll, SignedIn, SignedInActor } from '../http/sign-in.guard.js';
import { answerSignedIn } from '../sign-in/answer-signed-in.js';
import { SignedInDto } from '../sign-in/sign-in.dto.js';
import {
  AcceptInvitationDto,
  InvitationLookDto,
  InvitationPageDto,
  InvitationTokenDto,
  InviteDto,
  InvitedDto,
  JoinedDto,
} from './invitations.dto.js';
import { invitationLink } from './invitation-link.js';

@Controller('api/v1/invitations')
export class InvitationsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /** A link that lets one person in, within 7 days. For administrators. */
  @Post()
  async invite(
    @SignedInActor() actor: Actor,
    @Body() body: InviteDto,
    @Req() request: Request,
  ): Promise<InvitedDto> {
    const { token, ...invited } = await this.archive.invitations.create(actor, body);
    return { ...invited, link: invitationLink(ownAddress(request, this.publicUrl), token) };
  }

  /** Invitations that could be accepted now. For administrators. */
  @Get()
  async list(
    @SignedInActor() actor: Actor,
    @Query() query: PageQueryDto,
  ): Promise<InvitationPageDto> {
    administratorOnly(actor);
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listInvitations(this.database, actor, page);
  }

  /** Takes an invitation back. For administrators. */
  @Delete(':id')
  @HttpCode(204)
  async revoke(@SignedInActor() actor: Actor, @IdParam() id: InvitationId): Promise<void> {
    await this.archive.invitations.revoke(actor, id);
  }

  /** What an invitation is for. */
  @Post('look')
  @LimitAttempts('invitation')
  @HttpCode(200)
  @OpenToAll('who was invited has no account yet; the token of the link stands for that')
  async look(@Body() { token }: InvitationTokenDto): Promise<InvitationLookDto> {
    const { name = null, ...view } = await this.archive.invitations.look(token);
    return { ...view, name };
  }

  /** Comes in with a new account, and signs it in. */
  @Post('accept')
  @LimitAttempts('invitation')
  @HttpCode(200)
  @OpenToAll('this makes the account one signs in with; the token of the link stands for that')
  async accept(
    @Body() { as = 'token', ...body }: AcceptInvitationDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const kind = as === 'cookie' ? 'session' : 'token';
    const signedIn = await this.archive.invitations.accept({
      ...body,
      computerName: body.computerName ?? 'computer',
      kind,
      origin: originOfRequest(request),
    });
    const address = ownAddress(request, this.publicUrl);
    return answerSignedIn(response, signedIn, { kind, address });
  }

  /** Comes in with the account that is signed in. The sign-in stays with its household, if it has one. */
  @Post('join')
  @LimitAttempts('invitation')
  @HttpCode(200)
  async join(
    @SignedIn() principal: Principal,
    @Body() { token }: InvitationTokenDto,
  ): Promise<JoinedDto> {
    return this.archive.invitations.join(principal, token);
  }
}
