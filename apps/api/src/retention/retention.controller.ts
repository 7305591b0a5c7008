import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Actor, PlanItem, RetentionPlan, RetentionView } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { PlanId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { ConfirmDto } from '../bin/bin.dto.js';
import { IdParam } from '../http/id-param.js';
import { SignedInActor } from '../http/sign-in.guard.js';
import { AppliedPlanDto, PlanItemDto, RetentionPlanDto } from './plan.dto.js';
import { RetentionDto, SubscriptionDto, SubscriptionRequestDto } from './retention.dto.js';

/** As an administrator writes it; docs/operator.md. Its own reader says where it is wrong, so no DTO comes before that. */
const POLICY_DOCUMENT = {
  type: 'object',
  additionalProperties: true,
  description: 'A retention policy, see RetentionPolicyDto; `budget` may be text such as "500 GB".',
} as const;

/** Policies and plans, for administrators. */
@Controller('api/v1')
export class RetentionController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /** The household's policy, what follows from it for each device and app, and how upkeep goes. */
  @Get('retention')
  async show(@SignedInActor() actor: Actor): Promise<RetentionDto> {
    return viewOf(await this.archive.retention.show(actor));
  }

  /** Sets the household's policy, whole. Nothing is removed by that. */
  @Put('retention')
  @ApiBody({ schema: POLICY_DOCUMENT })
  async set(@SignedInActor() actor: Actor, @Body() document: unknown): Promise<RetentionDto> {
    await this.archive.retention.set(actor, document);
    return viewOf(await this.archive.retention.show(actor));
  }

  /** What a policy would do now: the household's own, or that of the body. Removes nothing. */
  @Post('retention/preview')
  @HttpCode(200)
  @ApiBody({
    required: false,
    schema: { type: 'object', properties: { policy: POLICY_DOCUMENT } },
  })
  async preview(@SignedInActor() actor: Actor, @Body() body: unknown): Promise<RetentionPlanDto> {
    return planOf(await this.archive.retention.preview(actor, policyIn(body)));
  }

  /** Does what a plan says, once: every item is decided again, and only what both would remove goes to the bin. */
  @Post('retention/plans/:id/apply')
  @HttpCode(200)
  @ApiBody({ type: ConfirmDto, required: false })
  async apply(
    @SignedInActor() actor: Actor,
    @IdParam() id: PlanId,
    @Body() body: ConfirmDto,
  ): Promise<AppliedPlanDto> {
    const applied = await this.archive.retention.apply(actor, id, body.confirm ?? []);
    return {
      ...applied,
      forgotten: applied.forgotten.map(itemOf),
      skipped: [...applied.skipped],
    };
  }

  /** Says since which version an app wants a subscription: the rule `beforeSubscription` keeps the last one before it. */
  @Put('apps/:bundleId/subscription')
  async setSubscription(
    @SignedInActor() actor: Actor,
    @Param('bundleId') bundleId: string,
    @Body() { from }: SubscriptionRequestDto,
  ): Promise<SubscriptionDto> {
    await this.archive.retention.setSubscription(actor, bundleId, from ?? undefined);
    return { bundleId, from };
  }
}

/** A body without a policy, or no body, means the household's own. */
function policyIn(body: unknown): unknown {
  if (body === undefined) return undefined;
  const named = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (!named || Object.keys(body).some((key) => key !== 'policy')) {
    throw new ArchiveError(
      'INPUT_INVALID',
      'A preview takes {"policy": …}, or nothing for the policy that is set.',
    );
  }
  return (body as { readonly policy?: unknown }).policy;
}

function viewOf({ policy, effective, upkeep }: RetentionView): RetentionDto {
  const { seenAt = null, retainedAt = null, collectedAt = null } = upkeep;
  const { alert = null, alertAt = null } = upkeep;
  return {
    policy: policy ?? null,
    effective:
      effective === undefined
        ? null
        : { devices: [...effective.devices], apps: [...effective.apps] },
    upkeep: { seenAt, retainedAt, collectedAt, alert, alertAt },
  };
}

function planOf(plan: RetentionPlan): RetentionPlanDto {
  const { policy, items, devices, apps, members, confirmations, ...rest } = plan;
  return {
    ...rest,
    policy: { ...policy },
    items: items.map(itemOf),
    ...{ devices: [...devices], apps: [...apps], members: [...members] },
    confirmations: [...confirmations],
  };
}

function itemOf(item: PlanItem): PlanItemDto {
  return { ...item, reasons: [...item.reasons] };
}
