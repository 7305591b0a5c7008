import { decodedName } from './list-objects.js';
import { elementsIn, textIn, xmlOf } from './s3-answer.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure } from './s3-failure.js';

/** The ids of all versions of one object, and of the marks of its deletions. Those of names that go on behind it are not among them. */
export async function* objectVersions(bucket: S3Bucket, name: string): AsyncGenerator<string> {
  const query = { versions: '', prefix: name, 'encoding-type': 'url' };
  for (let marker: Readonly<Record<string, string>> = {}; ;) {
    const answer = await bucket.ask({ method: 'GET', query: { ...query, ...marker } }, 200);
    const page = await xmlOf(answer, 'ListVersionsResult');
    let further = false;
    for (const element of [...elementsIn(page, 'Version'), ...elementsIn(page, 'DeleteMarker')]) {
      const versionId = textIn(element, 'VersionId');
      if (decodedName(element) !== name) further = true;
      // It goes back into XML.
      else if (/^[A-Za-z0-9._=+/-]{1,1024}$/.test(versionId)) yield versionId;
      else throw new S3Failure({ status: 200, code: 'AnswerNotUnderstood' });
    }
    // The name itself sorts before those that begin with it.
    if (further || textIn(page, 'IsTruncated') !== 'true') return;
    const next = {
      'key-marker': decodedName({ Key: page['NextKeyMarker'] }),
      'version-id-marker': textIn(page, 'NextVersionIdMarker'),
    };
    if (next['key-marker'] === '' || JSON.stringify(next) === JSON.stringify(marker)) {
      throw new S3Failure({ status: 200, code: 'AnswerNotUnderstood' });
    }
    marker = next;
  }
}
