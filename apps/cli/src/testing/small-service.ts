import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  decodeBody,
  decodeHaveQuestion,
  encodeHaveAnswer,
  readChunkFrames,
  readEntryRecords,
} from '@rootcellar/chunking';
import type { EntryStart } from '@rootcellar/chunking';
import { chunkIdFromBytes, newId, sha256, systemClock } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { fileStream } from './file-stream.js';

/** A request as a test may look at it or answer it itself. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly response: ServerResponse;
}

type Answer = Uint8Array | object;

/**
 * Speaks as much of the protocol as a push, a restore and `app add` need, and keeps chunks in memory. It checks ids; what it accepts
 * beyond that is the real service's to refuse.
 */
export class SmallService implements AsyncDisposable {
  readonly chunks = new Map<ChunkId, Buffer>();
  /** What the last commit consists of. */
  entries: EntryStart[] = [];
  /** `METHOD path` of each request, without the query. */
  readonly requests: string[] = [];
  /** Looks at each request before it is answered; `true`: the test has answered itself. */
  intercept: (seen: Seen) => boolean | Promise<boolean> = () => false;
  readonly snapshotId = newId(systemClock);
  readonly #uploadId = newId(systemClock);
  readonly #packages = new Map<string, string>();
  #lastSha256 = '';
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });

  static async start(): Promise<SmallService> {
    const service = new SmallService();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** How often a path that ends so was asked for. */
  count(end: string): number {
    return this.requests.filter((request) => request.endsWith(end)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const method = request.method ?? '';
    this.requests.push(`${method} ${url.pathname}`);
    const body = await buffer(request);
    if (await this.intercept({ method, path: url.pathname, response })) return;
    const answer = await this.#answer(url, body);
    if (answer === undefined) refuse(response, 404, 'NOT_FOUND', 'There is no such thing.');
    else if (answer instanceof Uint8Array) response.end(answer);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }

  async #answer(url: URL, body: Buffer): Promise<Answer | undefined> {
    const last = url.pathname.split('/').at(-1);
    switch (last) {
      case 'uploads':
        return this.#open(JSON.parse(body.toString()) as { readonly sha256?: string });
      case 'have':
        return encodeHaveAnswer(decodeHaveQuestion(body).map((id) => this.chunks.has(id)));
      case 'chunks':
        return this.#keep(body);
      case 'commit':
        return this.#commit(body);
      case 'stream':
        return fileStream(this.entries, this.chunks, url.searchParams.get('after') ?? undefined);
      case this.snapshotId:
        return { id: this.snapshotId, ...SNAPSHOT, files: this.entries.length };
      default:
        return undefined;
    }
  }

  #open({ sha256: digest = '' }: { readonly sha256?: string }): object {
    this.#lastSha256 = digest;
    const artifactId = this.#packages.get(digest) ?? null;
    const gearSeed = Buffer.alloc(32, 7).toString('base64');
    return {
      uploadId: this.#uploadId,
      gearSeed,
      artifactId,
      status: 'open',
      resumed: false,
      quota: null,
    };
  }

  #keep(body: Buffer): object {
    for (const { id, codec, plainLength, body: packed } of readChunkFrames(body)) {
      const plain = Buffer.from(decodeBody(codec, packed, plainLength));
      if (sha256(plain) !== chunkIdFromBytes(id)) throw new Error('not the bytes of this id');
      this.chunks.set(sha256(plain), plain);
    }
    return {};
  }

  async #commit(body: Buffer): Promise<object> {
    const entries: EntryStart[] = [];
    const missing = new Set<ChunkId>();
    for await (const record of readEntryRecords(once(body))) {
      if (record.record === 'entry') entries.push(record);
      for (const { id } of record.refs) if (!this.chunks.has(id)) missing.add(id);
    }
    if (missing.size > 0)
      return { status: 'missing', missing: [...missing], snapshot: null, artifact: null };
    this.entries = entries;
    const files = entries.filter(({ type }) => type === 'file');
    const logicalBytes = files.reduce((sum, { size }) => sum + size, 0);
    const artifactId = newId(systemClock);
    if (this.#lastSha256 !== '') this.#packages.set(this.#lastSha256, artifactId);
    return {
      status: 'added',
      missing: [],
      snapshot: {
        ...{ snapshotId: this.snapshotId, deviceId: 'a-device', files: files.length, logicalBytes },
      },
      artifact: { artifactId },
    };
  }
}

const SNAPSHOT = {
  ...{ deviceId: 'a-device', deviceName: 'Phone', udid: '00008101-0011223344556677' },
  ...{ takenAt: '2026-01-01T00:00:00Z', createdAt: '2026-01-01T00:00:00Z', logicalBytes: 0 },
  ...{ newBytes: 0, encrypted: false, complete: true, missingFiles: 0, damagedFiles: 0 },
  ...{ productVersion: null, buildVersion: null, pinned: false, goneAfter: null },
};

/** Answers as the service refuses. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
): boolean {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ status, code, title: code, detail }));
  return true;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}
