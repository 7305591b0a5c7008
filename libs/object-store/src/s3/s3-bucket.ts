import type { IncomingMessage } from 'node:http';
import { failureOf } from './s3-answer.js';
import type { S3Connection, S3Request } from './s3-connection.js';
import type { CompleteS3Settings } from './s3-settings.js';

/** A bucket that answers: what every call of the adapter needs. */
export interface S3Bucket {
  readonly settings: CompleteS3Settings;
  /**
   * Sends a request once and resolves with the beginning of an answer of one of the wanted statuses.
   * @throws S3Failure for any other; an error of the network
   */
  ask(request: S3Request, ...wanted: readonly number[]): Promise<IncomingMessage>;
  /** What turned out to be so; asked once, then remembered. */
  readonly known: KnownOfServer;
}

export interface KnownOfServer {
  /** The server does not take `If-None-Match`: objects are put without it. */
  noConditions?: boolean;
}

export function s3Bucket(settings: CompleteS3Settings, connection: S3Connection): S3Bucket {
  return {
    ...{ settings, known: {} },
    ask: async (request, ...wanted) => {
      const answer = await connection.send(request);
      if (wanted.includes(answer.statusCode ?? 0)) return answer;
      throw await failureOf(answer);
    },
  };
}

/** A header of an answer, of which there is one. */
export function headerOf(answer: IncomingMessage, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : undefined;
}
