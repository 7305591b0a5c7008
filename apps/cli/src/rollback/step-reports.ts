import { randomUUID } from 'node:crypto';
import type { Schemas } from '@rootcellar/client';
import { isArchiveError } from '@rootcellar/model';
import type { Service } from '../service.js';

export type StepName = Schemas['StepReportDto']['step'];
export type Proof = Pick<Schemas['StepReportDto'], 'snapshotId' | 'seen'>;
type Run = Schemas['RunDto'];

/** The service gives a computer two minutes of silence. */
const STILL_THERE_MS = 30_000;

/** Tells the service of each step: that it began, that somebody is still there, how it ended. */
export class StepReports {
  readonly #service: Service;
  readonly #planId: string;
  readonly #computer: string;
  readonly #runner = randomUUID();

  constructor(service: Service, planId: string, computer: string) {
    this.#service = service;
    this.#planId = planId;
    this.#computer = computer.slice(0, 100);
  }

  /**
   * Does a step between its two reports. What fails is told before it is thrown; then the run stays where it is.
   * @throws whatever the work throws; ArchiveError ROLLBACK_STEP_ORDER, ROLLBACK_RUNNING, PLAN_EXPIRED, ROLLBACK_NOT_INSTALLED …
   */
  async through(step: StepName, work: () => Promise<Proof>): Promise<Run> {
    await this.#tell({ step, outcome: 'started' });
    const beat = setInterval(() => {
      this.#tell({ step, outcome: 'going-on' }).catch(() => undefined);
    }, STILL_THERE_MS);
    let proof: Proof;
    try {
      proof = await work();
    } catch (error) {
      await this.#tellFailure(step, error);
      throw error;
    } finally {
      clearInterval(beat);
    }
    return this.#tell({ step, outcome: 'done', ...proof });
  }

  /** Best effort: a service that is away lets others go on after a while. */
  async #tellFailure(step: StepName, error: unknown): Promise<void> {
    const reason = isArchiveError(error) ? error.code : 'INTERNAL';
    await this.#tell({ step, outcome: 'failed', reason }).catch(() => undefined);
  }

  /** Told although the user pressed Ctrl-C: that is what the service has to hear. */
  async #tell(
    report: Pick<Schemas['StepReportDto'], 'step' | 'outcome' | 'reason'> & Proof,
  ): Promise<Run> {
    const body = { id: randomUUID(), runner: this.#runner, computer: this.#computer, ...report };
    return this.#service.call(async (api) =>
      api.POST('/api/v1/rollback-plans/{id}/steps', {
        params: { path: { id: this.#planId } },
        body,
      }),
    );
  }
}
