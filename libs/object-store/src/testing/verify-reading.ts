import { expect, it } from '@jest/globals';
import { objectKey } from '../object-key.js';
import { listAll, readWhole, sampleBytes } from './sample-objects.js';
import type { CurrentStore } from './sample-objects.js';

const KEY = objectKey('packs/0a/some-object_1.bin');
const MIB = 1024 * 1024;

/** Putting, reading, stat. */
export function verifyReading(current: CurrentStore): void {
  it('gives back what was put', async () => {
    const bytes = sampleBytes(100_000);

    await current().put(KEY, [bytes]);

    expect(Buffer.compare(await readWhole(current(), KEY, 100_000), bytes)).toBe(0);
  });

  it('joins the parts of an object, empty ones too', async () => {
    const part = Buffer.from('part');

    await current().put(KEY, [Buffer.alloc(0), part, Buffer.alloc(0), part, part.subarray(1, 2)]);

    expect(Buffer.from(await readWhole(current(), KEY, 9)).toString()).toBe('partparta');
  });

  it('takes an object of thousands of parts', async () => {
    const bytes = sampleBytes(3000 * 7);
    const parts = Array.from({ length: 3000 }, (_, at) => bytes.subarray(at * 7, (at + 1) * 7));

    await current().put(KEY, parts);

    expect(Buffer.compare(await readWhole(current(), KEY, bytes.length), bytes)).toBe(0);
  });

  it('takes an object of 40 MiB', async () => {
    const bytes = sampleBytes(40 * MIB);

    await current().put(KEY, [bytes.subarray(0, 9 * MIB), bytes.subarray(9 * MIB)]);

    expect(await current().stat(KEY)).toMatchObject({ size: 40 * MIB });
    expect(Buffer.compare(await readWhole(current(), KEY, 40 * MIB), bytes)).toBe(0);
  });

  it.each([[[]], [[Buffer.alloc(0)]]])('takes an empty object', async (parts) => {
    await current().put(KEY, parts);

    expect(await current().stat(KEY)).toMatchObject({ size: 0 });
    expect(await readWhole(current(), KEY, 0)).toHaveLength(0);
  });

  it('gives any range of an object, exactly', async () => {
    const bytes = sampleBytes(1000);
    await current().put(KEY, [bytes]);

    for (const [offset, length] of [
      [0, 1],
      [999, 1],
      [0, 1000],
      [500, 0],
      [1000, 0],
      [17, 400],
    ] as const) {
      const read = await current().read(KEY, { offset, length });

      expect(Buffer.compare(read, bytes.subarray(offset, offset + length))).toBe(0);
    }
  });

  it.each([
    { offset: 0, length: 1001 },
    { offset: 1000, length: 1 },
    { offset: 1001, length: 0 },
    { offset: 5000, length: 10 },
    { offset: 0, length: Number.MAX_SAFE_INTEGER },
    { offset: -1, length: 5 },
    { offset: 0, length: -1 },
    { offset: 0.5, length: 1 },
    { offset: 0, length: Number.NaN },
  ])('gives nothing of a range the object does not have: %j', async (range) => {
    await current().put(KEY, [sampleBytes(1000)]);

    await expect(current().read(KEY, range)).rejects.toMatchObject({
      code: 'OBJECT_RANGE_INVALID',
    });
  });

  it('gives bytes that are the reader’s alone', async () => {
    const bytes = sampleBytes(100);
    await current().put(KEY, [Buffer.from(bytes)]);

    const first = await readWhole(current(), KEY, 100);
    first.fill(0);

    expect(first.buffer.byteLength).toBe(100);
    expect(Buffer.isBuffer(first)).toBe(false);
    expect(structuredClone(first, { transfer: [first.buffer] })).toHaveLength(100);
    expect(Buffer.compare(await readWhole(current(), KEY, 100), bytes)).toBe(0);
  });

  it('keeps nothing of the buffers it was given', async () => {
    const bytes = sampleBytes(100);
    const given = Buffer.from(bytes);

    await current().put(KEY, [given]);
    given.fill(0);

    expect(Buffer.compare(await readWhole(current(), KEY, 100), bytes)).toBe(0);
  });

  it('knows no object that was not put', async () => {
    await current().put(KEY, [sampleBytes(10)]);

    for (const text of ['other', 'packs/0a/other', 'packs', 'packs/0a', 'packs/0b/x']) {
      const other = objectKey(text);

      expect(await current().stat(other)).toBeUndefined();
      await expect(current().read(other, { offset: 0, length: 1 })).rejects.toMatchObject({
        code: 'OBJECT_NOT_FOUND',
      });
    }
  });

  it('takes the longest keys', async () => {
    const key = objectKey(['k'.repeat(250), 'e'.repeat(250), 'y'.repeat(10 - 4)].join('/'));

    await current().put(key, [sampleBytes(1)]);

    expect(await current().stat(key)).toMatchObject({ size: 1 });
  });

  it('reads into memory it is given, also shared memory, and nowhere else', async () => {
    const bytes = sampleBytes(1000);
    await current().put(KEY, [bytes]);
    const memory = new Uint8Array(new SharedArrayBuffer(120));

    await current().readInto(KEY, 300, memory.subarray(10, 110));

    expect(Buffer.compare(memory.subarray(10, 110), bytes.subarray(300, 400))).toBe(0);
    expect([...memory.subarray(0, 10), ...memory.subarray(110)].every((byte) => byte === 0)).toBe(
      true,
    );
    await expect(current().readInto(KEY, 950, memory)).rejects.toMatchObject({
      code: 'OBJECT_RANGE_INVALID',
    });
  });

  it('takes the same bytes again', async () => {
    const bytes = sampleBytes(1000);

    await current().put(KEY, [bytes]);
    await current().put(KEY, [bytes.subarray(0, 10), bytes.subarray(10)]);

    expect(Buffer.compare(await readWhole(current(), KEY, 1000), bytes)).toBe(0);
    expect(await listAll(current(), '')).toHaveLength(1);
  });

  it('says the same of an object by stat and by list', async () => {
    await current().put(KEY, [sampleBytes(10)]);

    const facts = await current().stat(KEY);

    expect(facts?.modifiedAt.getTime()).toBeGreaterThan(0);
    expect(await listAll(current(), '')).toEqual([{ key: KEY, ...facts }]);
  });

  it('does nothing when the signal is aborted before', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);

    await expect(current().put(KEY, [sampleBytes(10)], signal)).rejects.toBe(reason);
    await expect(current().read(KEY, { offset: 0, length: 1 }, signal)).rejects.toBe(reason);

    expect(await current().stat(KEY)).toBeUndefined();
  });
}
