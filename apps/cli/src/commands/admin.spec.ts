import { describe, expect, it } from '@jest/globals';
import { runProgram } from '../program.js';
import { SmallService } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn, tryWorld } from '../testing/try-world.js';
import type { WorldSpec } from '../testing/try-world.js';

const FOUND = { packs: 2, chunks: 3, bytes: 4, roots: 1 };

interface Job {
  readonly state: 'active' | 'completed' | 'failed';
  readonly result?: object;
  readonly failure?: string;
}

/** Signs in to a service whose check goes through these states. */
async function checking(
  temp: { readonly path: string },
  service: SmallService,
  jobs: readonly Job[],
): Promise<WorldSpec> {
  await signIn(temp.path, service.url);
  let asked = 0;
  service.intercept = ({ path, response }) => {
    const job = path.includes('/jobs/')
      ? { progress: {}, ...jobs[Math.min(asked++, jobs.length - 1)] }
      : { jobId: 'a-job' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(job));
    return true;
  };
  return { configFolder: temp.path };
}

describe('admin scrub', () => {
  it('waits for the check, and ends with 0 when all is well', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const result = { ...FOUND, clean: true, findings: [] };
    const spec = await checking(temp, service, [
      { state: 'active' },
      { state: 'completed', result },
    ]);

    const { exitCode, out } = await run(spec, 'admin', 'scrub');

    expect(exitCode).toBe(0);
    expect(out).toBe('Clean: 2 packs, 3 chunks, 4 B, 1 snapshots and packages.\n');
  });

  it('names what is damaged, and ends with 20', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const findings = [{ what: 'pack', id: 'p1', code: 'PACK_DAMAGED' }];
    const result = { ...FOUND, clean: false, findings };
    const spec = await checking(temp, service, [{ state: 'completed', result }]);

    const { exitCode, out } = await run(spec, 'admin', 'scrub');

    expect(exitCode).toBe(20);
    expect(out).toContain('pack p1: PACK_DAMAGED');
  });

  it('says when the check itself failed', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const spec = await checking(temp, service, [{ state: 'failed', failure: 'DATABASE_FAILED' }]);

    const { exitCode, err } = await run(spec, 'admin', 'scrub');

    expect(exitCode).toBe(1);
    expect(err).toContain('DATABASE_FAILED');
  });

  it('ends on Ctrl-C and says that the check goes on without it', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    const world = tryWorld(await checking(temp, service, [{ state: 'active' }]));
    const answer = service.intercept;
    service.intercept = (seen) => {
      if (seen.path.includes('/jobs/')) world.interrupt();
      return answer(seen);
    };

    const exitCode = await runProgram(world, ['admin', 'scrub']);

    expect(exitCode).toBe(130);
    expect(world.stderr.text).toContain('the check goes on in the service');
  });
});
