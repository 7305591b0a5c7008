import { XMLParser } from 'fast-xml-parser';
import type { IncomingMessage } from 'node:http';
import { S3Failure } from './s3-failure.js';

/** A page of 1000 objects with the longest keys is not two MiB long. */
const TEXT_MAX_BYTES = 8 * 1024 * 1024;

/** Elements that may come once or many times. */
const LISTS: ReadonlySet<string> = new Set([
  ...['Contents', 'Version', 'DeleteMarker', 'Upload'],
  ...['Deleted', 'Error'],
]);

/** Everything is text: a key such as `0042` is no number. */
const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: true,
  isArray: (name, path) => LISTS.has(name) && String(path).includes('.'),
});

/** An element: text, or elements by their names, those of `LISTS` as arrays. */
export type XmlElement = Readonly<Record<string, unknown>>;

/** Reads a small answer to its end, so that the connection is free for the next request. */
export async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > TEXT_MAX_BYTES) {
      answer.destroy();
      throw new S3Failure({ status: answer.statusCode ?? 0, code: 'AnswerTooLong' });
    }
  }
  return Buffer.concat(pieces).toString();
}

/** The root element of an answer, which must have the given name: some failures come with status 200. */
export async function xmlOf(answer: IncomingMessage, name: string): Promise<XmlElement> {
  const status = answer.statusCode ?? 0;
  const text = await textOf(answer);
  const document = parsed(text);
  const error = document['Error'];
  if (error !== undefined) throw new S3Failure({ status, code: textIn(asElement(error), 'Code') });
  if (!(name in document)) throw new S3Failure({ status, code: 'AnswerNotUnderstood' });
  return asElement(document[name]);
}

/** What an answer of an unwanted status says. */
export async function failureOf(answer: IncomingMessage): Promise<S3Failure> {
  const status = answer.statusCode ?? 0;
  const requestId = answer.headers['x-amz-request-id'];
  const error = asElement(parsed(await textOf(answer))['Error']);
  return new S3Failure({
    ...{ status, code: textIn(error, 'Code') },
    ...(typeof requestId === 'string' && { requestId }),
  });
}

/** The text of an element inside of another; `''` when there is none. */
export function textIn(element: XmlElement, name: string): string {
  const text = element[name];
  return typeof text === 'string' ? text : '';
}

/** The elements of one of the `LISTS`. */
export function elementsIn(element: XmlElement, name: string): readonly XmlElement[] {
  const elements = element[name];
  return Array.isArray(elements) ? elements.map(asElement) : [];
}

export function asElement(value: unknown): XmlElement {
  return typeof value === 'object' && value !== null ? (value as XmlElement) : {};
}

function parsed(text: string): XmlElement {
  try {
    return asElement(parser.parse(text));
  } catch {
    // Proxies answer in HTML, or in anything.
    return {};
  }
}
