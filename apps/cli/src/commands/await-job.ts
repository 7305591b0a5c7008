import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import type { Service } from '../service.js';

/** Work in the service that somebody waits for here. */
export interface Awaited {
  /** As in "The check goes on in the service". */
  readonly what: string;
  readonly request: (service: Service) => Promise<Schemas['JobRequestedDto']>;
  readonly onProgress: (progress: Readonly<Record<string, number>>) => void;
}

/** The job's end, and whether it is one that was asked for before. */
export interface EndedJob {
  readonly job: Schemas['JobDto'];
  readonly joined: boolean;
}

const ASK_EVERY_MS = 300;

/**
 * Asks for a job and waits for its end. Ctrl-C ends the waiting, not the job.
 * @throws ArchiveError INTERRUPTED, INTERNAL when the job failed
 */
export async function awaitJob(context: Context, awaited: Awaited): Promise<EndedJob> {
  const { signal } = context.world;
  let asked: Schemas['JobRequestedDto'] | undefined;
  try {
    const service = await context.signedIn('long');
    asked = await awaited.request(service);
    return { job: await ended(service, asked.jobId, { ...awaited, signal }), joined: asked.joined };
  } catch (error) {
    if (!signal.aborted || asked === undefined) throw error;
    throw new ArchiveError(
      'INTERRUPTED',
      `Interrupted; the ${awaited.what} goes on in the service.`,
      {
        cause: error,
        hint: `To stop it: \`rootcellar admin jobs --cancel ${asked.jobId}\`.`,
      },
    );
  }
}

async function ended(
  service: Service,
  id: string,
  { what, onProgress, signal }: Awaited & { readonly signal: AbortSignal },
): Promise<Schemas['JobDto']> {
  for (;;) {
    const job = await service.call(async (api, aborted) =>
      api.GET('/api/v1/jobs/{id}', { params: { path: { id } }, signal: aborted }),
    );
    onProgress(job.progress);
    if (job.state === 'completed') return job;
    if (job.state === 'failed') throw failed(what, job);
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

function failed(what: string, { id, failure }: Schemas['JobDto']): ArchiveError {
  if (failure === 'INTERRUPTED')
    return new ArchiveError(
      'INTERRUPTED',
      `Somebody cancelled the ${what}; what it did stays done.`,
    );
  return new ArchiveError(
    'INTERNAL',
    `The ${what} did not come to its end (${failure ?? 'unknown'}). Nothing that is kept was lost; it may be asked for again.`,
    { details: { jobId: id }, hint: `The log of the service says more about job ${id}.` },
  );
}
