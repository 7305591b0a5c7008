import { newTraceId } from '@rootcellar/client';
import { SlabPool } from '@rootcellar/chunking';
import { newId, systemClock } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import { SLAB_BYTES } from '../crew/batch.js';
import { Crew } from '../crew/crew.js';
import { Backlog } from '../push/backlog.js';
import { ChunkShipper } from '../push/chunk-shipper.js';
import { PushMemory } from '../push/push-memory.js';
import type { SendUnreadParts } from '../push/send-unread.js';
import { walkFolder } from '../push/walk-folder.js';
import { Service } from '../service.js';
import type { SmallService } from './small-service.js';
import type { TempFolder } from './temp-folder.js';
import { tempFolder } from './temp-folder.js';

/** Lends memory as usual; before each time the test may do something, as another program would. */
class WatchedPool extends SlabPool {
  readonly #onTake: (times: number) => void;
  #times = 0;

  constructor(onTake: (times: number) => void) {
    super(SLAB_BYTES, 2);
    this.#onTake = onTake;
  }

  override take(): ReturnType<SlabPool['take']> {
    this.#onTake((this.#times += 1));
    return super.take();
  }
}

/** What sending the files of a folder needs, with a real memory, real threads and a small service. */
export class PushParts implements AsyncDisposable {
  readonly sending: SendUnreadParts & { readonly memory: PushMemory };
  readonly sent = { files: 0, bytes: 0 };
  readonly crew: Crew;
  readonly #service: Service;
  readonly #temp: TempFolder;

  private constructor(at: SmallService, temp: TempFolder, given: Given) {
    this.crew = new Crew(1);
    this.#temp = temp;
    const signal = given.signal ?? new AbortController().signal;
    this.#service = new Service({
      traceId: newTraceId(),
      ...{ server: at.url, token: 'a-token', clock: systemClock, patienceMs: 0, signal },
      onWait: () => undefined,
    });
    this.sending = {
      folder: given.folder,
      memory: PushMemory.open(temp.path, ['a device']),
      crew: this.crew,
      shipper: new ChunkShipper(this.#service, this.crew, newId<UploadId>(systemClock)),
      seed: Buffer.alloc(32, 7),
      signal,
      backlog: new Backlog(),
      slabs: new WatchedPool(given.onTake ?? (() => undefined)),
      onSent: (bytes) => (this.sent.bytes += bytes),
      onFiles: (files) => (this.sent.files += files),
    };
  }

  static async of(at: SmallService, given: Given): Promise<PushParts> {
    const parts = new PushParts(at, await tempFolder(), given);
    for (const found of walkFolder(given.folder)) parts.sending.memory.see(found, undefined);
    return parts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crew.close();
    this.#service.close();
    this.sending.memory[Symbol.dispose]();
    await this.#temp[Symbol.asyncDispose]();
  }
}

interface Given {
  readonly folder: string;
  /** Called before each batch is read, with how many were. */
  readonly onTake?: (times: number) => void;
  readonly signal?: AbortSignal;
}
