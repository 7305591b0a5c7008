import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { Principal } from '@rootcellar/archive';
import { ARCHIVE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { ownAddress } from '../http/own-address.js';
import { ForScope, OpenToAll, SignedIn } from '../http/sign-in.guard.js';
import { answerSignedIn, placeOf } from '../sign-in/answer-signed-in.js';
import { ProfileDto, SetUpDoneDto, SetUpDto } from './people.dto.js';

@Controller('api/v1')
export class PeopleController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /** Creates the first administrator and the household. Works once. */
  @Post('setup')
  @OpenToAll(
    'before the first administrator exists, nobody can sign in; the one-time token stands for that',
  )
  async setUp(
    @Body() body: SetUpDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SetUpDoneDto> {
    const place = placeOf(request, body);
    const done = await this.archive.setUpHousehold.execute({
      setupToken: body.setupToken,
      householdName: body.household,
      timeZone: body.timeZone ?? 'UTC',
      name: body.name,
      email: body.email,
      password: body.password,
      ...place,
    });
    const address = ownAddress(request, this.publicUrl);
    const { status, token } = answerSignedIn(response, done, { kind: place.kind, address });
    const { accountId, memberId, householdId } = done;
    return { status, accountId, memberId, householdId, token };
  }

  /** Who is signed in. */
  @Get('me')
  @ForScope('push')
  async me(@SignedIn() principal: Principal): Promise<ProfileDto> {
    const { people } = this.archive;
    const profile = await people.profile(principal);
    const all = await people.householdsOf(principal.accountId);
    // What only adds learns of the household it adds to.
    const households =
      principal.scope === 'push'
        ? all.filter(({ householdId }) => householdId === profile.householdId)
        : all;
    return {
      ...profile,
      leavingUntil: principal.membership?.leavingUntil ?? null,
      households: households.map(({ leavingUntil = null, ...of }) => ({ ...of, leavingUntil })),
    };
  }
}
