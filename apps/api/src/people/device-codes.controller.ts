import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Principal } from '@rootcellar/archive';
import type { HouseholdId } from '@rootcellar/model';
import { ARCHIVE, PUBLIC_URL } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import type { Request, Response } from 'express';
import { LimitAttempts } from '../http/limit-attempts.js';
import { originOfRequest } from '../http/origin-of-request.js';
import { ownAddress } from '../http/own-address.js';
import { OpenToAll, SignedIn } from '../http/sign-in.guard.js';
import { answerSignedIn } from '../sign-in/answer-signed-in.js';
import { SignedInDto } from '../sign-in/sign-in.dto.js';
import {
  ApprovalLookDto,
  AskForApprovalDto,
  AskedForApprovalDto,
  DecideDto,
  DeviceCodeDto,
  UserCodeDto,
} from './device-codes.dto.js';

/** Sign-ins of computers without a browser, approved in one (RFC 8628). */
@Controller('api/v1/device-codes')
export class DeviceCodesController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /** Asks for a sign-in that somebody approves elsewhere, within 10 minutes. */
  @Post()
  @HttpCode(200)
  @OpenToAll('a computer that asks to be signed in is not signed in; somebody who is decides')
  async ask(
    @Body() { clientName, scope = 'admin' }: AskForApprovalDto,
    @Req() request: Request,
  ): Promise<AskedForApprovalDto> {
    const { deviceCodes } = this.archive;
    const asked = await deviceCodes.ask({ clientName, scope, from: request.ip ?? '' });
    const verificationUri = `${ownAddress(request, this.publicUrl)}/approve`;
    const verificationUriComplete = `${verificationUri}#${asked.userCode}`;
    return { ...asked, verificationUri, verificationUriComplete };
  }

  /** The sign-in, once somebody has approved it. */
  @Post('token')
  @HttpCode(200)
  @OpenToAll('the device code, which only the asking computer knows, stands for a sign-in')
  async poll(
    @Body() { deviceCode }: DeviceCodeDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedInDto> {
    const signedIn = await this.archive.deviceCodes.poll(deviceCode, originOfRequest(request));
    const address = ownAddress(request, this.publicUrl);
    return answerSignedIn(response, signedIn, { kind: 'token', address });
  }

  /** Who asks to be signed in under this code. */
  @Post('look')
  @LimitAttempts('device-code')
  @HttpCode(200)
  async look(
    @SignedIn() principal: Principal,
    @Body() { userCode }: UserCodeDto,
  ): Promise<ApprovalLookDto> {
    return this.archive.deviceCodes.look(principal, userCode);
  }

  /** Approves or refuses it. */
  @Post('decide')
  @LimitAttempts('device-code')
  @HttpCode(204)
  async decide(
    @SignedIn() principal: Principal,
    @Body() { userCode, approve, scope, householdId }: DecideDto,
  ): Promise<void> {
    await this.archive.deviceCodes.decide(principal, {
      ...{ userCode, approve, scope },
      householdId: householdId as HouseholdId | undefined,
    });
  }
}
