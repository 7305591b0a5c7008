import { describe, expect, it } from '@jest/globals';
import type { Actor, JobQueue, JobView } from '@rootcellar/archive';
import type { HouseholdId } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';
import { MaintenanceController } from './maintenance.controller.js';

const actor = { role: 'admin', householdId: 'h' as HouseholdId } as Actor;

function controllerOf(jobs: Partial<JobQueue>): MaintenanceController {
  return new MaintenanceController({ jobs } as Archive);
}

describe('cancelling a job', () => {
  it('answers with it, also when it waited and is taken away', async () => {
    const waiting = new Map([['1', { id: '1', name: 'collect', state: 'waiting' } as JobView]]);
    const controller = controllerOf({
      find: (_, id) => Promise.resolve(waiting.get(id)),
      cancel: (_, id) => Promise.resolve(waiting.delete(id)),
    });

    const answer = await controller.cancel(actor, '1');

    expect(answer).toMatchObject({ id: '1', name: 'collect' });
    expect(waiting.size).toBe(0);
  });

  it('finds none that has ended, or never was', async () => {
    const ended = { id: '1', name: 'collect', state: 'completed' } as JobView;
    const controller = controllerOf({
      find: (_, id) => Promise.resolve(id === '1' ? ended : undefined),
      cancel: () => Promise.resolve(false),
    });

    for (const id of ['1', '2'])
      await expect(controller.cancel(actor, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
