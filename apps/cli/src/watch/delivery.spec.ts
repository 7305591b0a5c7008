import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { Delivery } from './delivery.js';
import type { Candidate } from './find-candidates.js';

const A: Candidate = { kind: 'package', path: '/a.ipa', stamp: '1', unfinished: false };
const B: Candidate = { ...A, path: '/b.ipa' };
const AWAY = new ArchiveError('SERVER_UNREACHABLE', 'The service does not answer.');

interface Scene {
  readonly delivery: Delivery<string>;
  readonly said: string[];
  readonly tried: string[];
  readonly stop: AbortController;
}

/** @param answers what comes of each try, in turn; `kept` after the last */
function scene(answers: readonly Error[], patient = true): Scene {
  const [said, tried, stop] = [[] as string[], [] as string[], new AbortController()];
  const left = [...answers];
  const delivery = new Delivery<string>({
    keep: async ({ path }) => {
      await Promise.resolve();
      tried.push(path);
      const answer = left.shift();
      if (answer !== undefined) throw answer;
      return `kept ${path}`;
    },
    onAway: ({ code }) => said.push(code),
    onBack: () => said.push('back'),
    pauses: { firstMs: 1, mostMs: 2 },
    ...{ patient, signal: stop.signal },
  });
  return { delivery, said, tried, stop };
}

describe('handing over', () => {
  it('tries the same again as long as the service is away, and says so once', async () => {
    const { delivery, said, tried } = scene([AWAY, AWAY, AWAY]);

    const [first, second] = await Promise.all([delivery.deliver(A), delivery.deliver(B)]);

    expect([first, second]).toEqual([
      { verdict: 'kept', facts: 'kept /a.ipa' },
      { verdict: 'kept', facts: 'kept /b.ipa' },
    ]);
    expect(tried).toEqual(['/a.ipa', '/a.ipa', '/a.ipa', '/a.ipa', '/b.ipa']);
    expect(said).toEqual(['SERVER_UNREACHABLE', 'back']);
  });

  it('waits for a new sign-in as well', async () => {
    const { delivery, said } = scene([new ArchiveError('NOT_SIGNED_IN', 'Who are you?')]);

    expect(await delivery.deliver(A)).toMatchObject({ verdict: 'kept' });
    expect(said).toEqual(['NOT_SIGNED_IN', 'back']);
  });

  it('ends with it when it is to end', async () => {
    const { delivery } = scene([AWAY], false);

    await expect(delivery.deliver(A)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
  });

  it('goes on with the next after a refusal', async () => {
    const { delivery } = scene([new ArchiveError('PACKAGE_NO_APP', 'No app.')]);

    const [first, second] = await Promise.all([delivery.deliver(A), delivery.deliver(B)]);

    expect([first.verdict, second.verdict]).toEqual(['refused', 'kept']);
  });

  it('ends when the command is stopped while it waits', async () => {
    const { delivery, stop } = scene(Array.from({ length: 1000 }, () => AWAY));
    setTimeout(() => stop.abort(), 20);

    await expect(delivery.deliver(A)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('lets a fault through', async () => {
    const { delivery } = scene([new TypeError('a fault')]);

    await expect(delivery.deliver(A)).rejects.toThrow('a fault');
  });
});
