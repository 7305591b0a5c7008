import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Principal } from '@rootcellar/archive';
import type { CredentialId } from '@rootcellar/model';
import { ARCHIVE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { IdParam } from '../http/id-param.js';
import { ownAddress } from '../http/own-address.js';
import { clearSessionCookie } from '../http/session-cookie.js';
import { ForScope, OpenToAll, SignedIn } from '../http/sign-in.guard.js';
import { answerSignedIn, placeOf } from './answer-signed-in.js';
import {
  PasskeySignInChallengeDto,
  PasskeySignInDto,
  PasskeySignInOptionsDto,
  SecondFactorDto,
  SessionDto,
  SignInAnswerDto,
  SignInDto,
  SignInMethodsDto,
  SignedInDto,
} from './sign-in.dto.js';

const SO_ONE_SIGNS_IN = 'this is how one signs in';

@Controller('api/v1')
export class SessionsController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /** What a sign-in page has to offer. */
  @Get('sign-in-methods')
  @OpenToAll('a sign-in page asks before anybody is signed in; it tells nothing about anybody')
  async methods(@Req() request: Request): Promise<SignInMethodsDto> {
    return {
      setUp: await this.archive.people.hasAdministrator(),
      passkeys: this.archive.passkeys.workAt(this.#address(request)),
      providers: this.archive.providerSignIn.providers(),
    };
  }

  /** Signs in with e-mail address and password; says so when a second factor is needed. */
  @Post('sessions')
  @HttpCode(200)
  @OpenToAll(SO_ONE_SIGNS_IN)
  async signIn(
    @Body() body: SignInDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignInAnswerDto> {
    const place = placeOf(request, body);
    const { email, password } = body;
    const outcome = await this.archive.signIn.execute({ email, password, ...place });
    if (outcome.status === 'second-factor') return { ...outcome, factors: [...outcome.factors] };
    return answerSignedIn(response, outcome, {
      kind: place.kind,
      address: this.#address(request),
    });
  }

  /** The second step of a sign-in: a code of the authenticator app, or a recovery code. */
  @Post('sessions/second-factor')
  @HttpCode(200)
  @OpenToAll(SO_ONE_SIGNS_IN)
  async secondFactor(
    @Body() { challenge, totp, recoveryCode, ...where }: SecondFactorDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const place = placeOf(request, where);
    const code = { challenge, totp, recoveryCode };
    const signedIn = await this.archive.signIn.finish({ ...code, ...place });
    return answerSignedIn(response, signedIn, {
      kind: place.kind,
      address: this.#address(request),
    });
  }

  /** What the browser asks a passkey with. */
  @Post('sessions/passkey/options')
  @HttpCode(200)
  @ApiBody({ type: PasskeySignInOptionsDto, required: false })
  @OpenToAll(SO_ONE_SIGNS_IN)
  async passkeyOptions(
    @Req() request: Request,
    // Optional, not a union: its class must stay known, or nothing would be validated.
    @Body() body?: PasskeySignInOptionsDto,
  ): Promise<PasskeySignInChallengeDto> {
    return this.archive.passkeySignIn.options(this.#address(request), body?.challenge);
  }

  /** Signs in with a passkey, alone or as the second factor. */
  @Post('sessions/passkey')
  @HttpCode(200)
  @OpenToAll(SO_ONE_SIGNS_IN)
  async passkey(
    @Body() { passkeyChallenge, response: answer, ...where }: PasskeySignInDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const place = placeOf(request, where);
    const address = this.#address(request);
    const asked = { passkeyChallenge, response: answer, address };
    const signedIn = await this.archive.passkeySignIn.execute({ ...asked, ...place });
    return answerSignedIn(response, signedIn, { kind: place.kind, address });
  }

  /** One's own sign-ins, the last used first. */
  @Get('sessions')
  async list(@SignedIn() principal: Principal): Promise<SessionDto[]> {
    const signIns = await this.archive.ownSignIns.list(principal.accountId);
    return signIns.map((signIn) => ({ ...signIn, current: signIn.id === principal.credentialId }));
  }

  /** Signs out: what came with the request is void from now on. */
  @Delete('sessions/current')
  @HttpCode(204)
  @ForScope('push')
  async signOut(
    @SignedIn() { credentialId, kind }: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.archive.people.removeCredential(credentialId);
    if (kind === 'session') clearSessionCookie(response, this.#address(request));
  }

  /** Ends one of one's own sign-ins. */
  @Delete('sessions/:id')
  @HttpCode(204)
  async end(@SignedIn() principal: Principal, @IdParam() id: CredentialId): Promise<void> {
    await this.archive.ownSignIns.end(principal.accountId, id);
  }

  #address(request: Request): string {
    return ownAddress(request, this.publicUrl);
  }
}
