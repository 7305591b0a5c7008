import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { httpOf, jsonRequest, signedInHttp } from './http.js';
import type { Http } from './http.js';
import { signInSecondMember } from './second-member.js';

const PATH = '/api/v1/changes';

let household: Household;
let ada: Http;
let bob: Http;
beforeAll(async () => {
  household = await openHousehold();
  ada = await signedInHttp(household.service.url);
  bob = await signInSecondMember(household.service, { email: 'bob@example.org', role: 'member' });
});
afterAll(async () => {
  expect(household.service.lastWords()).not.toContain('"code":"INTERNAL"');
  await household.close();
});

interface Listening extends Disposable {
  readonly type: string | undefined;
  /** Events as they came: name and data. */
  readonly heard: readonly string[];
}

async function listen(http: Http): Promise<Listening> {
  const asked = http.begin({ path: PATH });
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
  asked.end();
  const [answer] = await answered;
  answer.on('error', () => undefined);
  let text = '';
  answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return {
    type: answer.headers['content-type'],
    get heard() {
      return [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(
        ([, name, data]) => `${name} ${data}`,
      );
    },
    [Symbol.dispose]: () => asked.destroy(),
  };
}

describe('changes', () => {
  it('are told to who is signed in', async () => {
    expect((await httpOf(household.service.url).send({ path: PATH })).status).toBe(401);
  });

  it('begin with a hint to read, and are told to each member of their own alone; of the policy to administrators', async () => {
    using adas = await listen(ada);
    using bobs = await listen(bob);
    while (adas.heard.length < 1 || bobs.heard.length < 1) await setTimeout(10);
    const backup = await buildBackup(join(household.room, 'backup'));

    const { snapshotId } = await household.agent.ok('push', backup.folder);
    await ada.json(jsonRequest('/api/v1/retention', { snapshots: { last: 1 } }, 'PUT'));
    while (!adas.heard.some((event) => event.includes('policy'))) await setTimeout(10);

    expect(adas.type).toBe('text/event-stream');
    expect(adas.heard[0]).toBe('missed {}');
    expect(adas.heard).toContain(`change {"kind":"snapshot","id":"${snapshotId}"}`);
    expect(bobs.heard.filter((event) => event !== 'missed {}')).toEqual([]);
  });

  it('are told to no more than 20 listeners of a member', async () => {
    using listeners = new DisposableStack();
    for (let n = 0; n < 20; n += 1) listeners.use(await listen(bob));

    const { status } = await bob.send({ path: PATH });

    expect(status).toBe(503);
    listeners.dispose();
    let again: Listening;
    do again = await listen(bob);
    while (again.type !== 'text/event-stream');
    again[Symbol.dispose]();
  });
});
