import type { Writable } from 'node:stream';

interface Streams {
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly json: boolean;
  readonly quiet: boolean;
  /** Colours on a terminal; on unless somebody wants none. */
  readonly color?: boolean;
}

const CLEAR_LINE = '\r\u001b[K';
const [RED, PLAIN] = ['\u001b[31m', '\u001b[0m'];

/** Results on standard output, everything else on standard error. */
export class Output {
  readonly #stdout: Writable;
  readonly #stderr: Writable & { readonly isTTY?: boolean };
  readonly json: boolean;
  readonly quiet: boolean;
  readonly #color: boolean;
  #statusShown = false;

  constructor(streams: Streams) {
    this.#stdout = streams.stdout;
    this.#stderr = streams.stderr;
    this.json = streams.json;
    this.quiet = streams.quiet;
    this.#color = streams.color ?? true;
  }

  /** Standard error is read by a person who watches it. */
  get watched(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** The command's one result: JSON with `--json`, else the text. */
  result(value: unknown, text: string): void {
    this.clearStatus();
    if (this.json) this.#stdout.write(`${JSON.stringify(value)}\n`);
    else if (text !== '') this.#stdout.write(`${printable(text)}\n`);
  }

  /** A word to the user that is not the result. */
  note(text: string): void {
    if (!this.quiet) this.error(text);
  }

  /** Said even with `--quiet`. */
  error(text: string): void {
    this.clearStatus();
    this.#stderr.write(`${printable(text)}\n`);
  }

  /** Something somebody has to look at: as an error, and in red on a terminal. */
  alert(text: string): void {
    this.clearStatus();
    const colored = this.watched && this.#color;
    this.#stderr.write(`${colored ? RED : ''}${printable(text)}${colored ? PLAIN : ''}\n`);
  }

  /** How far the work is: on a terminal one line that is written over, elsewhere a line each. */
  status(text: string): void {
    if (this.quiet) return;
    this.#stderr.write(this.watched ? `${CLEAR_LINE}${printable(text)}` : `${printable(text)}\n`);
    this.#statusShown = this.watched;
  }

  /** Takes the status away, so that what follows stands on its own. */
  clearStatus(): void {
    if (this.#statusShown) this.#stderr.write(CLEAR_LINE);
    this.#statusShown = false;
  }
}

/** Names of files and devices come from outside; a terminal obeys control characters. */
function printable(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, '\ufffd');
}
