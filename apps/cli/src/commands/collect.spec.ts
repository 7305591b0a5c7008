import { describe, expect, it } from '@jest/globals';
import { runProgram } from '../program.js';
import { SmallService } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn, tryWorld } from '../testing/try-world.js';

const NOTHING = {
  ...{ removed: 0, condemnedPacks: 0, repackedPacks: 0, copiedBytes: 0, skippedPacks: 0 },
  ...{ deletedPacks: 0, deletedBytes: 0, orphans: 0, orphansLeft: 0, binHeld: false },
};

/** A service that collects at once; the first `busy` times a collection of somebody else runs. */
function collecting(service: SmallService, busy: number, result: object = {}): void {
  let asked = 0;
  service.intercept = ({ path, response }) => {
    if (path.endsWith('/collect')) asked += 1;
    const answer = path.endsWith('/collect')
      ? { jobId: `job-${String(asked)}`, joined: asked <= busy }
      : {
          ...{ id: path.split('/').at(-1), state: 'completed', progress: {} },
          result: { ...NOTHING, ...result },
        };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    return true;
  };
}

describe('admin gc', () => {
  it('says what came back, and what waits', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    collecting(service, 0, {
      ...{ removed: 3, condemnedPacks: 2, repackedPacks: 1, copiedBytes: 1024 },
      ...{ deletedPacks: 1, deletedBytes: 2048, binHeld: true },
    });

    const { exitCode, out } = await run({ configFolder: temp.path }, 'admin', 'gc');

    expect(exitCode).toBe(0);
    expect(out).toContain('came back: 1 packs deleted, 2.0 KiB');
    expect(out).toContain('3 snapshots and packages left the bin for ever');
    expect(out).toContain('2 packs wait for their grace');
    expect(out).toContain('The bin was left alone');
  });

  it('is content with a collection that runs already when it has no wishes', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    collecting(service, 1);

    const { out } = await run({ configFolder: temp.path }, 'admin', 'gc', '--json');

    expect(JSON.parse(out)).toEqual({ jobId: 'job-1', ...NOTHING });
  });

  it('waits for one that runs without its options, then asks again', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    collecting(service, 1);

    const done = await run({ configFolder: temp.path }, 'admin', 'gc', '--compact', '--json');

    expect(JSON.parse(done.out)).toMatchObject({ jobId: 'job-2' });
    expect(done.err).toContain('now comes the one asked for');
  });

  it('does not wait for ever', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    collecting(service, 99);

    const { exitCode, err } = await run({ configFolder: temp.path }, 'admin', 'gc', '--no-grace');

    expect([exitCode, service.count('/collect')]).toEqual([75, 3]);
    expect(err).toContain('SERVER_BUSY');
  });

  it('ends on Ctrl-C, says that the collection goes on, and how to stop it', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    const world = tryWorld({ configFolder: temp.path });
    service.intercept = ({ path, response }) => {
      if (path.includes('/jobs/')) world.interrupt();
      const job = { state: 'active', progress: {} };
      const answer = path.endsWith('/collect') ? { jobId: 'a-job', joined: false } : job;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      return true;
    };

    const exitCode = await runProgram(world, ['admin', 'gc']);

    expect(exitCode).toBe(130);
    expect(world.stderr.text).toContain('the collection goes on in the service');
    expect(world.stderr.text).toContain('rootcellar admin jobs --cancel a-job');
  });
});
