/** Work that goes on in the background, a bounded number at a time: what is read must not pile up before it is sent. */
export class Backlog {
  readonly #places: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(places: number) {
    this.#places = places;
  }

  /** Resolves when there is a place. @throws what failed first in the background */
  async place(): Promise<void> {
    while (this.#failure === undefined && this.#running.size >= this.#places)
      await Promise.race(this.#running);
    this.#throwFailure();
  }

  /** Begins work; its failure ends the next `place` or `drain`. */
  start(work: Promise<void>): void {
    const job: Promise<void> = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(job));
    this.#running.add(job);
  }

  /** Resolves when nothing is under way any more. @throws what failed first */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
