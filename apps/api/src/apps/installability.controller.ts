import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { Actor, DeviceVerdict, JudgedPackage } from '@rootcellar/archive';
import type { ArtifactId, DeviceId } from '@rootcellar/model';
import { ARCHIVE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import {
  InstallabilityDto,
  InstallabilityPageDto,
  InstallabilityQueryDto,
  NamedPackageDto,
} from './installability.dto.js';

@ForScope('restore')
@Controller('api/v1')
export class InstallabilityController {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  /**
   * Whether a package can be installed on your devices: what the file and each device's newest backup decide, with reasons, and what only
   * the device or Apple's server can.
   */
  @Get('artifacts/:id/installability')
  async judge(
    @SignedInActor() actor: Actor,
    @IdParam() id: ArtifactId,
    @Query() { deviceId, cursor, limit = PAGE_LIMIT }: InstallabilityQueryDto,
  ): Promise<InstallabilityPageDto> {
    const judged = await this.archive.judgeInstall.execute(actor, id, {
      ...{ deviceId: deviceId as DeviceId | undefined, cursor, limit },
    });
    return {
      package: { ...namedPackage(judged.package), problems: [...judged.package.problems] },
      items: judged.items.map(verdictOf),
      nextCursor: judged.nextCursor,
    };
  }
}

export function namedPackage(known: Omit<JudgedPackage, 'problems'>): NamedPackageDto {
  const { id, bundleId, name, version = null, build = null, externalVersionId = null } = known;
  return { id, bundleId, name, version, build, externalVersionId };
}

function verdictOf({ device, installs, checks, facts, risks }: DeviceVerdict): InstallabilityDto {
  const { id, name, productType = null, productVersion = null, asOf = null, installed } = device;
  const { version = null, build = null, externalVersionId = null } = installed ?? {};
  return {
    id,
    device: {
      ...{ id, name, productType, productVersion, asOf },
      installed: installed
        ? { version, build, externalVersionId, offloaded: installed.offloaded }
        : null,
    },
    installs,
    checks: checks.map(({ failure = null, ...check }) => ({ ...check, failure })),
    facts: [...facts],
    risks: [...risks],
  };
}
