import { Controller, Get, Inject } from '@nestjs/common';
import { WATCH } from '@rootcellar/platform';
import type { Watch } from '@rootcellar/platform';
import { OpenToAll } from '../http/sign-in.guard.js';

export class HealthDto {
  readonly status!: 'ok';
}

/** What the service depends on, each asked for real a moment ago. */
export class DependenciesDto {
  readonly database!: 'ok' | 'down';
  readonly objectStore!: 'ok' | 'down';
  readonly queue!: 'ok' | 'down';
}

export class ReadinessDto {
  /** `degraded`: background jobs wait until their queue is back; everything else works. */
  readonly status!: 'ok' | 'degraded';
  readonly checks!: DependenciesDto;
}

@Controller('health')
@OpenToAll('supervisors and load balancers carry no sign-in; the answer tells nothing but health')
export class HealthController {
  constructor(@Inject(WATCH) private readonly watch: Watch) {}

  /** The process runs. Nothing else is asked. */
  @Get('live')
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** The process can do its work: database and object store answer. Else a problem, with what is down in its details. */
  @Get('ready')
  async ready(): Promise<ReadinessDto> {
    return this.watch.readiness.require();
  }
}
