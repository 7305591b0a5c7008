import { Body, Controller, Delete, Get, HttpCode, Inject, Post } from '@nestjs/common';
import type { Principal } from '@rootcellar/archive';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { ForScope, OpenToAll, SignedIn } from '../http/sign-in.guard.js';
import { ProfileDto, SetUpDoneDto, SetUpDto, SignInDto, SignedInDto } from './people.dto.js';

@Controller('api/v1')
export class PeopleController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** Creates the first administrator and the household. Works once. */
  @Post('setup')
  @OpenToAll(
    'before the first administrator exists, nobody can sign in; the one-time token stands for that',
  )
  async setUp(@Body() body: SetUpDto): Promise<SetUpDoneDto> {
    return this.archive.setUpHousehold.execute({
      setupToken: body.setupToken,
      householdName: body.household,
      timeZone: body.timeZone ?? 'UTC',
      name: body.name,
      email: body.email,
      password: body.password,
      computerName: body.computerName ?? 'computer',
    });
  }

  /** Signs in with e-mail address and password. */
  @Post('sessions')
  @OpenToAll('this is how one signs in')
  async signIn(@Body() body: SignInDto): Promise<SignedInDto> {
    const { memberId = null, ...signedIn } = await this.archive.signIn.execute({
      ...body,
      computerName: body.computerName ?? 'computer',
      kind: 'token',
    });
    return { ...signedIn, memberId };
  }

  /** Signs out: the token that came with the request is void from now on. */
  @Delete('sessions/current')
  @HttpCode(204)
  @ForScope('push')
  async signOut(@SignedIn() { credentialId }: Principal): Promise<void> {
    await this.archive.people.removeCredential(credentialId);
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
