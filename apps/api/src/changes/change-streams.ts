import type { Actor } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { Response } from 'express';

/** So that whatever stands between does not take the silence for the end. */
const HEARTBEAT_MS = 20_000;
/** The sign-in is looked at again by then. */
const LONGEST_MS = 60 * 60_000;
const RETRY_MS = 2_000;
const STREAMS_A_MEMBER = 20;
/** Who does not read does not get more. */
const UNREAD_MAX_BYTES = 64 * 1024;

export interface ChangeStream {
  send(event: string, data: object): void;
}

/** The streams of this process that are open. */
export class ChangeStreams {
  readonly #open = new Map<string, number>();

  /**
   * Begins the answer. Ends by itself; the response's `close` tells.
   * @throws ArchiveError SERVER_BUSY when a member has too many
   */
  open({ memberId }: Actor, response: Response): ChangeStream {
    const open = this.#open.get(memberId) ?? 0;
    if (open >= STREAMS_A_MEMBER)
      throw new ArchiveError('SERVER_BUSY', 'This member listens in too many places already.');
    this.#open.set(memberId, open + 1);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // nginx gathers answers otherwise.
      'X-Accel-Buffering': 'no',
    });
    const write = (text: string): void => {
      if (response.writableLength > UNREAD_MAX_BYTES) response.destroy();
      else response.write(text);
    };
    write(`retry: ${RETRY_MS}\n\n`);
    const heartbeat = setInterval(() => write(': \n\n'), HEARTBEAT_MS);
    const longest = setTimeout(() => response.end(), LONGEST_MS);
    response.on('close', () => {
      clearInterval(heartbeat);
      clearTimeout(longest);
      this.#close(memberId);
    });
    return {
      send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    };
  }

  #close(memberId: string): void {
    const open = (this.#open.get(memberId) ?? 1) - 1;
    if (open > 0) this.#open.set(memberId, open);
    else this.#open.delete(memberId);
  }
}
