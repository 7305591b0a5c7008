import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { createMemoryObjectStore, objectKey } from '@rootcellar/object-store';
import type { ObjectStore } from '@rootcellar/object-store';
import { openVaultMarker } from './vault-marker.js';
import { collect } from './testing/sample-bytes.js';

const MARKER = objectKey('vault');

describe('openVaultMarker', () => {
  it('marks an empty store, as docs/format.md says, and knows it again', async () => {
    const objects = createMemoryObjectStore();

    const { id } = await openVaultMarker(objects);

    const [object, ...others] = await collect(objects.list(''));
    expect(others).toEqual([]);
    const bytes = await objects.read(MARKER, { offset: 0, length: object?.size ?? 0 });
    expect(Buffer.from(bytes).toString()).toBe(`{"format":1,"id":"${id}"}`);
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await openVaultMarker(objects)).toEqual({ id });
  });

  it('takes the id of another process that marked the store at the same time', async () => {
    const objects = createMemoryObjectStore();
    const late: ObjectStore = {
      ...objects,
      put: async () => {
        await objects.put(MARKER, [Buffer.from('{"format":1,"id":"the other"}')]);
        throw new ArchiveError('OBJECT_EXISTS', 'There is one.');
      },
    };

    expect(await openVaultMarker(late)).toEqual({ id: 'the other' });
  });

  it('gives every vault another id', async () => {
    const one = await openVaultMarker(createMemoryObjectStore());
    const two = await openVaultMarker(createMemoryObjectStore());

    expect(one.id).not.toBe(two.id);
  });

  it('bears fields that a later release of the same format may add', async () => {
    const objects = createMemoryObjectStore();
    await objects.put(MARKER, [Buffer.from('{ "since": 2027, "id": "x", "format": 1 }')]);

    expect(await openVaultMarker(objects)).toEqual({ id: 'x' });
  });

  it.each([
    '',
    'null',
    '1',
    '{}',
    '{"format":2,"id":"x"}',
    '{"format":1}',
    '{"format":1,"id":"x"',
    'RCPACK',
  ])('leaves a store alone whose marker is %j', async (text) => {
    const objects = createMemoryObjectStore();
    await objects.put(MARKER, [Buffer.from(text)]);

    await expect(openVaultMarker(objects)).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' });

    const [object] = await collect(objects.list(''));
    expect(object?.size).toBe(Buffer.byteLength(text));
  });
});
