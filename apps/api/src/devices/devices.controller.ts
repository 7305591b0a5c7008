import { Body, Controller, Get, Inject, Param, Patch, Query } from '@nestjs/common';
import { administratorOnly } from '@rootcellar/archive';
import type { Actor, DeviceChange } from '@rootcellar/archive';
import { findDevice, listDeviceHealth, listDevices } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { ArchiveError, parseId, readableText } from '@rootcellar/model';
import type { DeviceId, MemberId } from '@rootcellar/model';
import { ARCHIVE, DATABASE } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { IdParam } from '../http/id-param.js';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import {
  DeviceChangeDto,
  DeviceChangedDto,
  DeviceDto,
  DeviceHealthPageDto,
  DevicePageDto,
  DeviceQueryDto,
} from './devices.dto.js';

@ForScope('restore')
@Controller('api/v1')
export class DevicesController {
  constructor(
    @Inject(ARCHIVE) private readonly archive: Archive,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** The signed-in member's own devices and the household's. */
  @Get('devices')
  async list(
    @SignedInActor() actor: Actor,
    @Query() query: DeviceQueryDto,
  ): Promise<DevicePageDto> {
    const { cursor, limit = PAGE_LIMIT, all = false } = query;
    return listDevices(this.database, actor, { cursor, limit, all });
  }

  /** Of all devices of the household, whose they are and when the last backup was taken. For administrators. */
  @Get('device-health')
  async health(
    @SignedInActor() actor: Actor,
    @Query() query: PageQueryDto,
  ): Promise<DeviceHealthPageDto> {
    administratorOnly(actor);
    const page = { cursor: query.cursor, limit: query.limit ?? PAGE_LIMIT };
    return listDeviceHealth(this.database, actor, page);
  }

  /** One device, by id, UDID or name. */
  @Get('devices/:device')
  async show(@SignedInActor() actor: Actor, @Param('device') which: string): Promise<DeviceDto> {
    const device = await findDevice(this.database, actor, which);
    if (device === undefined) {
      throw new ArchiveError('NOT_FOUND', 'There is no such device, or it is not yours.', {
        hint: '`rootcellar device list` shows yours.',
      });
    }
    return device;
  }

  /**
   * Gives a device away, renames it, retires it, lets it continue one it replaced, says who may push for it. Its owner may; an administrator
   * may assign and retire it, and reads nothing by that.
   */
  @Patch('devices/:device')
  @ForScope('admin')
  async change(
    @SignedInActor() actor: Actor,
    @IdParam('device') id: DeviceId,
    @Body() body: DeviceChangeDto,
  ): Promise<DeviceChangedDto> {
    await this.archive.devices.change(actor, id, toChange(body));
    return { id };
  }
}

function toChange({
  ownerId,
  household,
  name,
  retired,
  successorOf,
  pushableBy,
}: DeviceChangeDto): DeviceChange {
  if (ownerId !== undefined && household === true)
    throw new ArchiveError('INPUT_INVALID', 'A device is one member’s or the household’s.');
  const given = ownerId === undefined ? undefined : parseId<MemberId>(ownerId);
  const owner = household === true ? 'household' : given;
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(name === undefined
      ? {}
      : { name: name === null ? null : readableText(name, 100, 'device') }),
    ...(retired === undefined ? {} : { retired }),
    ...(successorOf === undefined
      ? {}
      : { successorOf: successorOf === null ? null : parseId<DeviceId>(successorOf) }),
    ...(pushableBy === undefined ? {} : { pushers: pushableBy.map((id) => parseId<MemberId>(id)) }),
  };
}
