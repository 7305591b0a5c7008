import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Put, Req } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { PasskeyId, Principal } from '@rootcellar/archive';
import { ARCHIVE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request } from 'express';
import { IdParam } from '../http/id-param.js';
import { ownAddress } from '../http/own-address.js';
import { SignedIn } from '../http/sign-in.guard.js';
import {
  AddedPasskeyDto,
  ChangePasswordDto,
  ConfirmTotpDto,
  NewPasskeyChallengeDto,
  NewPasskeyDto,
  NewTotpDto,
  RecoveryCodesDto,
  RemoveTotpDto,
  SecondFactorsDto,
} from './sign-in.dto.js';

/** What one signs in with oneself. */
@Controller('api/v1/me')
export class OwnSignInController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /** Changes the password. Every other sign-in ends, but those that may only push. */
  @Put('password')
  @HttpCode(204)
  async password(@SignedIn() principal: Principal, @Body() body: ChangePasswordDto): Promise<void> {
    await this.archive.changePassword.execute(principal, body);
  }

  /** What there is beside the password. */
  @Get('second-factors')
  async secondFactors(@SignedIn() { accountId }: Principal): Promise<SecondFactorsDto> {
    const [facts, passkeys] = await Promise.all([
      this.archive.secondFactors.facts(accountId),
      this.archive.passkeys.list(accountId),
    ]);
    return { ...facts, passkeys: [...passkeys] };
  }

  /** A new secret for an authenticator app. It is in force when it is confirmed. */
  @Post('totp')
  @HttpCode(200)
  async newTotp(@SignedIn() { accountId }: Principal): Promise<NewTotpDto> {
    return this.archive.secondFactors.begin(accountId);
  }

  /** Turns the second factor on. Other browsers are signed out. */
  @Post('totp/confirm')
  @HttpCode(200)
  async confirmTotp(
    @SignedIn() principal: Principal,
    @Body() { code }: ConfirmTotpDto,
  ): Promise<RecoveryCodesDto> {
    return { recoveryCodes: [...(await this.archive.secondFactors.confirm(principal, code))] };
  }

  /** Turns the second factor off; needs the password where there is one. Other browsers are signed out. */
  @Delete('totp')
  @HttpCode(204)
  @ApiBody({ type: RemoveTotpDto, required: false })
  async removeTotp(
    @SignedIn() principal: Principal,
    // Optional, not a union: its class must stay known, or nothing would be validated.
    @Body() body?: RemoveTotpDto,
  ): Promise<void> {
    await this.archive.secondFactors.remove(principal, body?.password);
  }

  /** New recovery codes; those before are void. */
  @Post('recovery-codes')
  @HttpCode(200)
  async newRecoveryCodes(@SignedIn() { accountId }: Principal): Promise<RecoveryCodesDto> {
    return { recoveryCodes: [...(await this.archive.secondFactors.newRecoveryCodes(accountId))] };
  }

  /** What the browser makes a passkey with. */
  @Post('passkeys/options')
  @HttpCode(200)
  async passkeyOptions(
    @SignedIn() { accountId }: Principal,
    @Req() request: Request,
  ): Promise<NewPasskeyChallengeDto> {
    return this.archive.passkeys.options(accountId, ownAddress(request, this.publicUrl));
  }

  /** Adds a passkey: it signs in by itself, and is good as second factor. Other browsers are signed out. */
  @Post('passkeys')
  async addPasskey(
    @SignedIn() principal: Principal,
    @Body() body: NewPasskeyDto,
    @Req() request: Request,
  ): Promise<AddedPasskeyDto> {
    const address = ownAddress(request, this.publicUrl);
    return { id: await this.archive.passkeys.add(principal, { ...body, address }) };
  }

  /** Removes a passkey. Other browsers are signed out. */
  @Delete('passkeys/:id')
  @HttpCode(204)
  async removePasskey(@SignedIn() principal: Principal, @IdParam() id: PasskeyId): Promise<void> {
    await this.archive.passkeys.remove(principal, id);
  }
}
