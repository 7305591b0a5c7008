import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeManifestBlob } from '../testing/write-manifest-blob.js';
import { createManifestJoin } from './manifest-join.js';
import type { ManifestRow, ManifestRowType } from './manifest-row.js';

/** `id(10)`: ascending with the number. */
const id = (number: number): string => number.toString(16).padStart(40, '0');

function row(number: number, type: ManifestRowType = 'file', blob?: Uint8Array): ManifestRow {
  return { fileId: id(number), domain: 'HomeDomain', relativePath: `${number}`, type, blob };
}

describe('comparing payloads with a manifest', () => {
  it('says what is expected of each payload', () => {
    const digest = Buffer.alloc(20, 7);
    const join = createManifestJoin([
      row(1, 'file', writeManifestBlob({ size: 5, digest })),
      row(2, 'file', writeManifestBlob({ size: 6 })),
    ]);

    const expected = [join.expect(id(1)), join.expect(id(2))];

    expect(expected).toEqual([
      { size: 5, digest },
      { size: 6, digest: undefined },
    ]);
    expect(join.finish()).toEqual({
      files: 2,
      missing: 0,
      firstMissing: [],
      unlisted: 0,
      unreadable: 0,
    });
  });

  it('misses files alone, at the beginning, between and at the end', () => {
    const blob = writeManifestBlob({});
    const join = createManifestJoin([
      row(1),
      row(2, 'folder'),
      row(3, 'file', blob),
      row(4),
      row(5, 'link'),
      row(6, 'other'),
      row(7, 'file', blob),
      row(8),
    ]);

    join.expect(id(3));
    join.expect(id(7));

    expect(join.finish()).toMatchObject({
      files: 5,
      missing: 3,
      firstMissing: [id(1), id(4), id(8)],
    });
  });

  it('names the first missing files and counts the rest', () => {
    const join = createManifestJoin(
      Array.from({ length: 50 }, (_, number) => row(number)),
      2,
    );

    expect(join.finish()).toMatchObject({ missing: 50, firstMissing: [id(0), id(1)] });
  });

  it('expects nothing of payloads no file row lists', () => {
    const join = createManifestJoin([row(2, 'folder'), row(4, 'file', writeManifestBlob({}))]);

    const expected = [id(1), id(2), id(3), id(5)].map((fileId) => join.expect(fileId));

    expect(expected).toEqual([undefined, undefined, undefined, undefined]);
    expect(join.finish()).toMatchObject({ unlisted: 4, missing: 1 });
  });

  it('counts the rows whose blob cannot be read, and expects the payload all the same', () => {
    const join = createManifestJoin([row(1, 'file', Buffer.from('no blob')), row(2)]);

    const expected = [join.expect(id(1)), join.expect(id(2))];

    expect(expected).toEqual([{}, {}]);
    expect(join.finish()).toMatchObject({ unreadable: 2, missing: 0 });
  });

  it('takes a payload out of order for a fault of the caller', () => {
    const join = createManifestJoin([row(1), row(2)]);
    join.expect(id(2));

    expect(() => join.expect(id(1))).toThrow(RangeError);
    expect(() => join.expect(id(2))).toThrow(RangeError);
  });

  it('agrees with sets, whatever is there', () => {
    const numbers = fc.uniqueArray(fc.nat(40)).map((all) => all.sort((a, b) => a - b));

    fc.assert(
      fc.property(numbers, numbers, (listed, present) => {
        const join = createManifestJoin(
          listed.map((number) => row(number)),
          100,
        );
        for (const number of present) join.expect(id(number));

        const result = join.finish();

        const missing = listed.filter((number) => !present.includes(number));
        expect(result.firstMissing).toEqual(missing.map(id));
        expect(result.unlisted).toBe(present.filter((number) => !listed.includes(number)).length);
      }),
    );
  });
});
