import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** What agents send, and what of it was new. */
export class UploadMetrics {
  readonly #received;
  readonly #asked;
  readonly #committed;
  readonly #commits;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#received = new Counter({
      name: 'rootcellar_upload_received_bytes_total',
      help: 'Bytes of chunk bodies that were acknowledged.',
      registers,
    });
    this.#asked = new Counter({
      name: 'rootcellar_upload_chunks_asked_total',
      help: 'Chunks that agents asked for before sending, by answer.',
      labelNames: ['answer'] as const,
      registers,
    });
    this.#committed = new Counter({
      name: 'rootcellar_upload_committed_bytes_total',
      help: 'Bytes of committed snapshots and packages: new ones, and those that were stored before.',
      labelNames: ['kind'] as const,
      registers,
    });
    this.#commits = new Counter({
      name: 'rootcellar_upload_commits_total',
      help: 'Commits by outcome: committed, already-kept, added, or missing (chunks have to be sent first).',
      labelNames: ['outcome'] as const,
      registers,
    });
    // Known from the start: a rate needs a zero to begin with.
    for (const answer of ['held', 'lacking']) this.#asked.inc({ answer }, 0);
    for (const kind of ['new', 'reused']) this.#committed.inc({ kind }, 0);
  }

  received(bytes: number): void {
    this.#received.inc(bytes);
  }

  /** @param answers a byte a chunk, 1 for those that are held */
  asked(answers: Uint8Array): void {
    let held = 0;
    for (const answer of answers) held += answer;
    this.#asked.inc({ answer: 'held' }, held);
    this.#asked.inc({ answer: 'lacking' }, answers.length - held);
  }

  committed(
    outcome: 'committed' | 'added' | 'already-kept' | 'missing',
    bytes?: { readonly logicalBytes: number; readonly newBytes: number },
  ): void {
    this.#commits.inc({ outcome });
    if (bytes === undefined) return;
    this.#committed.inc({ kind: 'new' }, bytes.newBytes);
    this.#committed.inc({ kind: 'reused' }, Math.max(0, bytes.logicalBytes - bytes.newBytes));
  }
}
