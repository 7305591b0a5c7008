import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { Progress } from '../terminal/progress.js';
import type { Register } from './command.js';

const ASK_EVERY_MS = 300;

export const registerAdmin: Register = (program, run) => {
  const admin = program.command('admin').description('looking after the service');
  admin
    .command('scrub')
    .description('read everything the household has stored, check every byte, and report')
    .action(run(scrub));
};

async function scrub(context: Context): Promise<ExitCode> {
  const progress = new Progress(context.output, context.world.clock, 'Checking');
  try {
    return report(context, await finished(context, progress));
  } catch (error) {
    if (!context.world.signal.aborted) throw error;
    throw new ArchiveError('INTERRUPTED', 'Interrupted; the check goes on in the service.', {
      cause: error,
    });
  } finally {
    progress.close();
  }
}

async function finished(context: Context, progress: Progress): Promise<Schemas['JobDto']> {
  const service = await context.signedIn('long');
  const { jobId } = await service.call(async (api, signal) =>
    api.POST('/api/v1/maintenance/scrub', { signal }),
  );
  let seen = 0;
  for (;;) {
    const job = await service.call(async (api, signal) =>
      api.GET('/api/v1/jobs/{id}', { params: { path: { id: jobId } }, signal }),
    );
    const bytes = job.progress['bytes'] ?? 0;
    progress.add({ files: 0, bytes: bytes - seen });
    seen = bytes;
    if (job.state === 'completed') return job;
    if (job.state === 'failed') {
      throw new ArchiveError(
        'INTERNAL',
        `The check did not come to its end (${job.failure ?? 'unknown'}). Nothing was changed.`,
      );
    }
    await sleep(ASK_EVERY_MS, undefined, { signal: context.world.signal });
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
