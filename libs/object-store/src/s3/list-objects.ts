import { isObjectKey } from '../object-key.js';
import type { ListedObject } from '../object-store.js';
import { factsFrom } from './object-facts.js';
import { elementsIn, textIn, xmlOf } from './s3-answer.js';
import type { XmlElement } from './s3-answer.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure } from './s3-failure.js';

/** Pages of 1000 objects (ListObjectsV2), which S3 gives in the order of the names' bytes. */
export async function* listObjects(bucket: S3Bucket, prefix: string): AsyncGenerator<ListedObject> {
  let last = '';
  for await (const page of pagesOf(bucket, prefix)) {
    for (const element of elementsIn(page, 'Contents')) {
      const name = decodedName(element);
      const key = name.slice(bucket.settings.prefix.length);
      if (!name.startsWith(bucket.settings.prefix) || !isObjectKey(key)) continue;
      // Whoever reads a listing relies on its order; not every server called S3 has one.
      if (key <= last) throw new S3Failure({ status: 501, code: 'ListingNotInOrder' });
      last = key;
      yield { key, ...factsFrom(Number(textIn(element, 'Size')), textIn(element, 'LastModified')) };
    }
  }
}

async function* pagesOf(bucket: S3Bucket, prefix: string): AsyncGenerator<XmlElement> {
  const query = {
    ...{ 'list-type': '2', prefix: bucket.settings.prefix + prefix },
    // Other programs' names may hold what XML cannot say.
    'encoding-type': 'url',
  };
  for (let token = ''; ;) {
    const more = token === '' ? {} : { 'continuation-token': token };
    const answer = await bucket.ask({ method: 'GET', query: { ...query, ...more } }, 200);
    const page = await xmlOf(answer, 'ListBucketResult');
    yield page;
    if (textIn(page, 'IsTruncated') === 'false') return;
    const next = textIn(page, 'NextContinuationToken');
    // Neither an end nor a way on: a part of the list must never pass for the whole.
    if (next === '' || next === token) {
      throw new S3Failure({ status: 200, code: 'AnswerNotUnderstood' });
    }
    token = next;
  }
}

/** The name of an object in a listing with `encoding-type=url`. */
export function decodedName(element: XmlElement): string {
  const name = textIn(element, 'Key');
  try {
    return decodeURIComponent(name.replaceAll('+', '%20'));
  } catch {
    return name;
  }
}
