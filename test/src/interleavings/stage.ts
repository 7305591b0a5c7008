/** What a killed process's code meets at its next call, and at every one after that. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

interface Waiter {
  readonly actor: Actor;
  readonly go: () => void;
}

/**
 * Lets several processes take turns, one call to database or store at a time, in an order that a seed decides. Between two calls of one
 * process anything may happen to the others: what holds on this stage holds for processes that run side by side.
 */
export class Stage {
  readonly #random: () => number;
  readonly #actors = new Set<Actor>();
  readonly #waiting: Waiter[] = [];
  #playing = false;
  /** How probably whoever had the last turn has the next one too. */
  readonly #stubborn: number;
  #last: Actor | undefined;

  /**
   * @param random 0 ≤ n < 1
   * @param stubborn 0 ≤ n < 1: some faults show only when one process does very much between two calls of another
   */
  constructor(random: () => number, stubborn: number) {
    this.#random = random;
    this.#stubborn = stubborn;
  }

  /** @param diesAt the number of the step at which it is killed, from 1; never without it */
  enter(diesAt: number | undefined): Actor {
    const actor = new Actor(this, diesAt, this.#random() < 0.5);
    this.#actors.add(actor);
    return actor;
  }

  leave(actor: Actor): void {
    this.#actors.delete(actor);
    this.#play();
  }

  async turn<T>(actor: Actor, act: () => Promise<T>): Promise<T> {
    const mine = Promise.withResolvers<undefined>();
    this.#waiting.push({ actor, go: () => mine.resolve(undefined) });
    this.#play();
    await mine.promise;
    try {
      return await act();
    } finally {
      this.#playing = false;
      // Whoever acted comes to its next call, or its end, before the next turn is given.
      setImmediate(() => this.#play());
    }
  }

  /** The next turn, once every process waits for one. */
  #play(): void {
    if (this.#playing || this.#waiting.length === 0) return;
    const waiting = new Set(this.#waiting.map(({ actor }) => actor));
    if ([...this.#actors].some((actor) => !waiting.has(actor))) return;
    this.#playing = true;
    const same = this.#waiting.findIndex(({ actor }) => actor === this.#last);
    const goesOn = this.#random() < this.#stubborn && same >= 0;
    const at = goesOn ? same : Math.floor(this.#random() * this.#waiting.length);
    const [next] = this.#waiting.splice(at, 1);
    this.#last = next?.actor;
    next?.go();
  }
}

/** A process: what it calls goes through here. */
export class Actor {
  readonly #stage: Stage;
  readonly #diesAt: number | undefined;
  readonly #diesBefore: boolean;
  #steps = 0;
  #dead = false;

  constructor(stage: Stage, diesAt: number | undefined, diesBefore: boolean) {
    this.#stage = stage;
    this.#diesAt = diesAt;
    this.#diesBefore = diesBefore;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** A call that others see whole or not at all. Who dies behind it does not hear of it. */
  async call<T>(act: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new Killed();
    return this.#stage.turn(this, async () => {
      const dies = this.#dies();
      if (this.#dead || (dies && this.#diesBefore)) throw this.#die();
      const result = await act();
      if (dies) throw this.#die();
      return result;
    });
  }

  /** A statement inside a call: who dies here takes the whole call back. */
  async statement<T>(act: () => Promise<T>): Promise<T> {
    if (this.#dead || this.#dies()) throw this.#die();
    return act();
  }

  leave(): void {
    this.#stage.leave(this);
  }

  #dies(): boolean {
    this.#steps += 1;
    return this.#steps === this.#diesAt;
  }

  #die(): Killed {
    this.#dead = true;
    return new Killed();
  }
}
