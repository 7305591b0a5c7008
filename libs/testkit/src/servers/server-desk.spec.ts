import { afterEach, describe, expect, it } from '@jest/globals';
import { openServerDesk } from './server-desk.js';
import type { ServerDesk } from './server-desk.js';

describe('openServerDesk', () => {
  let desk: ServerDesk | undefined;

  afterEach(async () => {
    await desk?.close();
    desk = undefined;
  });

  async function ask(name: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${desk?.url ?? ''}/${name}`);
    return { status: response.status, body: await response.json() };
  }

  it('starts a server when it is asked for, once for all who ask, and stops it at the end', async () => {
    const events: string[] = [];
    const stop = async (): Promise<void> => Promise.resolve(void events.push('stopped'));
    const wanted = async (): Promise<{ port: number; stop: typeof stop }> =>
      Promise.resolve({ port: events.push('started'), stop });
    desk = await openServerDesk({ wanted, unwanted: wanted });

    const answers = await Promise.all([ask('wanted'), ask('wanted')]);
    await desk.close();
    desk = undefined;

    expect(answers.map(({ body }) => body)).toEqual([{ port: 1 }, { port: 1 }]);
    expect(events).toEqual(['started', 'stopped']);
  });

  it('passes on why a server cannot be had', async () => {
    const failing = async (): Promise<never> => Promise.reject(new Error('Install it so: …'));
    desk = await openServerDesk({ failing });

    expect(await ask('failing')).toEqual({ status: 500, body: 'Install it so: …' });
    expect(await ask('unknown')).toMatchObject({ status: 404 });
  });
});
