import { Body, Controller, Get, HttpCode, Inject, Put } from '@nestjs/common';
import type { Actor, Principal } from '@rootcellar/archive';
import type { HouseholdId, MemberId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { ForScope, SignedIn, SignedInActor } from '../http/sign-in.guard.js';
import { ChangeHouseholdDto, HouseholdSettingsDto, QuotaDto } from './household-settings.dto.js';

/** How a household shares its storage, and how much of it may be used. */
@Controller('api/v1')
export class HouseholdSettingsController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** The household's settings. */
  @Get('household')
  @ForScope('restore')
  async show(@SignedInActor() actor: Actor): Promise<HouseholdSettingsDto> {
    const { quotaBytes = null, ...view } = await this.archive.householdSettings.show(actor);
    return { ...view, quotaBytes };
  }

  /** Changes what is given. For administrators. */
  @Put('household')
  @HttpCode(204)
  async change(
    @SignedInActor() actor: Actor,
    @Body() { dedup }: ChangeHouseholdDto,
  ): Promise<void> {
    await this.archive.householdSettings.setDedup(actor, dedup);
  }

  /** What a member's roots may take in the store. For administrators. */
  @Put('members/:id/quota')
  @HttpCode(204)
  async memberQuota(
    @SignedInActor() actor: Actor,
    @IdParam() id: MemberId,
    @Body() { bytes }: QuotaDto,
  ): Promise<void> {
    await this.archive.householdSettings.setMemberQuota(actor, id, bytes ?? undefined);
  }

  /** What a household may take in the store. For the operator. */
  @Put('households/:id/quota')
  @HttpCode(204)
  async householdQuota(
    @SignedIn() principal: Principal,
    @IdParam() id: HouseholdId,
    @Body() { bytes }: QuotaDto,
  ): Promise<void> {
    await this.archive.householdSettings.setHouseholdQuota(principal, id, bytes ?? undefined);
  }
}
