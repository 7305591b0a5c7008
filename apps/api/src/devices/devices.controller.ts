import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Actor } from '@rootcellar/archive';
import { findDevice, listDevices } from '@rootcellar/catalog/queries';
import type { Database } from '@rootcellar/catalog/queries';
import { ArchiveError } from '@rootcellar/model';
import { DATABASE } from '@rootcellar/platform';
import { PAGE_LIMIT, PageQueryDto } from '../http/page.dto.js';
import { ForScope, SignedInActor } from '../http/sign-in.guard.js';
import { DeviceDto, DevicePageDto } from './devices.dto.js';

@ForScope('restore')
@Controller('api/v1/devices')
export class DevicesController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The signed-in member's own devices. */
  @Get()
  async list(@SignedInActor() actor: Actor, @Query() query: PageQueryDto): Promise<DevicePageDto> {
    return listDevices(this.database, actor, {
      cursor: query.cursor,
      limit: query.limit ?? PAGE_LIMIT,
    });
  }

  /** One device, by id, UDID or name. */
  @Get(':device')
  async show(@SignedInActor() actor: Actor, @Param('device') which: string): Promise<DeviceDto> {
    const device = await findDevice(this.database, actor, which);
    if (device === undefined) {
      throw new ArchiveError('NOT_FOUND', 'There is no such device, or it is not yours.', {
        hint: '`rootcellar device list` shows yours.',
      });
    }
    return device;
  }
}
