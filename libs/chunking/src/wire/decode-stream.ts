import { PieceReader } from './piece-reader.js';

/**
 * The form of a stream as a coroutine: it yields how many bytes it wants and is resumed with exactly these, or it yields a
 * record for the reader. It must bound what it asks for. So a grammar reads like the page it follows, and waits only where
 * the stream has run dry.
 */
export type Grammar<R extends object> = Generator<number | R, void, Buffer>;

/** Part of a grammar that reads one thing. */
export type Reading<T> = Generator<number, T, Buffer>;

const NOTHING = Buffer.alloc(0);

/** Runs a grammar over a stream. When the grammar is through, the stream must be too. */
export async function* decodeStream<R extends object>(
  source: AsyncIterable<Uint8Array>,
  grammar: Grammar<R>,
): AsyncGenerator<R, void, void> {
  const input = new PieceReader(source);
  try {
    for (let step = grammar.next(NOTHING); step.done !== true;) {
      const wanted = step.value;
      if (typeof wanted === 'number') {
        step = grammar.next(input.take(wanted) ?? (await input.gather(wanted)));
      } else {
        yield wanted;
        step = grammar.next(NOTHING);
      }
    }
    await input.expectEnd();
  } finally {
    await input.close();
  }
}
