import { Controller, Get, Inject } from '@nestjs/common';
import { administratorOnly } from '@rootcellar/archive';
import type { Actor } from '@rootcellar/archive';
import { WATCH } from '@rootcellar/platform';
import type { Watch } from '@rootcellar/platform';
import { SignedInActor } from '../http/sign-in.guard.js';
import { DoctorDto } from './doctor.dto.js';

/** Looks at the whole set-up. For administrators. */
@Controller('api/v1/maintenance/doctor')
export class DoctorController {
  constructor(@Inject(WATCH) private readonly watch: Watch) {}

  /** Database, object store, queue, master key, upkeep: what is well, what is not, and what to do about it. Puts and removes a small object. */
  @Get()
  async examine(@SignedInActor() actor: Actor): Promise<DoctorDto> {
    administratorOnly(actor);
    const { findings, ...report } = await this.watch.doctor.examine(actor.householdId);
    return { ...report, findings: [...findings] };
  }
}
