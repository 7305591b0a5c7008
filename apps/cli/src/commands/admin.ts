import { formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { Progress } from '../terminal/progress.js';
import { table } from '../terminal/table.js';
import { awaitJob } from './await-job.js';
import { collect } from './collect.js';
import type { Register } from './command.js';
import { doctor } from './doctor.js';
import { auditTrail } from './audit.js';
import { when, withPage } from './lists.js';
import { nameIn } from './names.js';

interface JobsOptions {
  readonly cancel?: string;
}

export const registerAdmin: Register = (program, run) => {
  const admin = program.command('admin').description('looking after the service');
  admin
    .command('scrub')
    .description('read everything the household has stored, check every byte, and report')
    .action(run(scrub));
  admin
    .command('gc')
    .description('give back the space of what is gone from the bin, and of what nobody needs')
    .option('--no-grace', 'delete at once, also under a restore that reads there now')
    .option('--compact', 'write every pack anew that holds anything nobody needs')
    .action(run(collect));
  admin
    .command('jobs')
    .description('list background jobs, newest first, or stop one')
    .option('--cancel <id>', 'stop this job at its next step; what it did stays done')
    .action(run(jobs));
  admin
    .command('doctor')
    .description('check the whole set-up, here and in the service, and say what to mend')
    .action(run(doctor));
  withPage(admin.command('audit').description('the same as `rootcellar audit list`')).action(
    run(auditTrail),
  );
};

async function scrub(context: Context): Promise<ExitCode> {
  const progress = new Progress(context.output, context.world.clock, 'Checking');
  let seen = 0;
  try {
    const { job } = await awaitJob(context, {
      what: 'check',
      request: async (service) =>
        service.call(async (api, signal) => api.POST('/api/v1/maintenance/scrub', { signal })),
      onProgress: ({ bytes = 0 }) => {
        progress.add({ files: 0, bytes: bytes - seen });
        seen = bytes;
      },
    });
    return report(context, job);
  } finally {
    progress.close();
  }
}

interface Report {
  readonly clean: boolean;
  readonly packs: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly roots: number;
  readonly findings: readonly {
    readonly what: string;
    readonly id: string;
    readonly code: string;
  }[];
}

function report(context: Context, job: Schemas['JobDto']): ExitCode {
  const found = job.result as unknown as Report;
  const counts = `${String(found.packs)} packs, ${String(found.chunks)} chunks, ${formatBytes(found.bytes)}, ${String(found.roots)} snapshots and packages`;
  const damage = found.findings.map(({ what, id, code }) => `  ${what} ${id}: ${code}`);
  const text = found.clean ? `Clean: ${counts}.` : [`DAMAGED: ${counts}.`, ...damage].join('\n');
  context.output.result(found, text);
  return found.clean ? EXIT.ok : EXIT.corrupt;
}

async function jobs(context: Context, { cancel }: JobsOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  if (cancel !== undefined) {
    const id = nameIn(cancel, '`rootcellar admin jobs` shows the ids.');
    const job = await service.call(async (api, signal) =>
      api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } }, signal }),
    );
    context.output.result(job, `Job ${job.id} (${job.name}) stops at its next step.`);
    return EXIT.ok;
  }
  const page = await service.call(async (api, signal) => api.GET('/api/v1/jobs', { signal }));
  const lines = page.items.map(({ id, name, state, requestedAt, endedAt, failure }) => [
    ...[id, name, failure === 'INTERRUPTED' ? 'cancelled' : state],
    ...[when(requestedAt), when(endedAt), failure ?? ''],
  ]);
  const text =
    lines.length === 0
      ? 'No job yet.'
      : table(['ID', 'JOB', 'STATE', 'ASKED FOR', 'ENDED', ''], lines);
  context.output.result(page, text);
  return EXIT.ok;
}
