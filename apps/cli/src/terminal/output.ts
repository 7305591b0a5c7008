import type { Writable } from 'node:stream';

/** Results on standard output, everything else on standard error. */
export class Output {
  readonly #stdout: Writable;
  readonly #stderr: Writable & { readonly isTTY?: boolean };
  readonly json: boolean;
  readonly quiet: boolean;

  constructor(streams: {
    readonly stdout: Writable;
    readonly stderr: Writable & { readonly isTTY?: boolean };
    readonly json: boolean;
    readonly quiet: boolean;
  }) {
    this.#stdout = streams.stdout;
    this.#stderr = streams.stderr;
    this.json = streams.json;
    this.quiet = streams.quiet;
  }

  /** The command's one result: JSON with `--json`, else the text. */
  result(value: unknown, text: string): void {
    this.#stdout.write(this.json ? `${JSON.stringify(value)}\n` : text === '' ? '' : `${text}\n`);
  }

  /** A word to the user that is not the result. */
  note(text: string): void {
    if (!this.quiet) this.#stderr.write(`${text}\n`);
  }

  /** Said even with `--quiet`. */
  error(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  get stderr(): Writable & { readonly isTTY?: boolean } {
    return this.#stderr;
  }
}
