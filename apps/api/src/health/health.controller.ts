import { Controller, Get, Inject } from '@nestjs/common';
import { ArchiveError } from '@rootcellar/model';
import { DATABASE } from '@rootcellar/platform';
import type { Database } from '@rootcellar/catalog/queries';
import { OpenToAll } from '../http/sign-in.guard.js';

export class HealthDto {
  readonly status!: 'ok';
}

@Controller('health')
@OpenToAll('supervisors and load balancers carry no sign-in; the answer tells nothing but health')
export class HealthController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The process runs. */
  @Get('live')
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** The process can do its work: the database answers. */
  @Get('ready')
  async ready(): Promise<HealthDto> {
    try {
      await this.database.query('select 1');
    } catch (cause) {
      throw new ArchiveError('DATABASE_FAILED', 'The database does not answer.', { cause });
    }
    return { status: 'ok' };
  }
}
