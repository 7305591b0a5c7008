import { expect, it } from '@jest/globals';
import { INDEX_BATCH } from '../chunk-index.js';
import { idOf, placesOf, samplePack, storePack } from './sample-packs.js';
import type { CurrentIndex, OpenedChunkIndex } from './verify-chunk-index.js';

/** Which chunks are there, where, and under which numbers. */
export function verifyCommitting(
  current: CurrentIndex,
  openAnother: () => Promise<OpenedChunkIndex>,
): void {
  it('knows nothing while it is empty', async () => {
    const { index, newHolder } = current();

    expect(await index.locate([])).toEqual([]);
    expect(await index.pinHeld([], await newHolder())).toEqual([]);
    expect(await index.locate([idOf('a')])).toEqual([undefined]);
    expect(await index.pinHeld([idOf('a')], await newHolder())).toEqual([false]);
  });

  it('says of each chunk of a committed pack where it lies and what it is', async () => {
    const { index, newHolder } = current();
    const pack = await storePack(index, ['a', 'b', 'c'], await newHolder());

    const places = await index.locate(['a', 'b', 'c'].map(idOf));

    expect(places).toMatchObject(
      pack.entries.map((entry) => ({ ...entry, id: expect.anything(), packId: pack.packId })),
    );
    expect(places.map((place) => place && Buffer.from(place.id).toString('hex'))).toEqual(
      ['a', 'b', 'c'].map(idOf),
    );
  });

  it('answers in the order asked, also for what is asked twice or is not there', async () => {
    const { index, newHolder } = current();
    const holder = await newHolder();
    await storePack(index, ['a', 'b'], holder);
    const asked = ['b', 'x', 'a', 'b', 'y'].map(idOf);

    const places = await index.locate(asked);

    expect(places.map((place) => place?.plainLength)).toEqual([
      1001,
      undefined,
      1000,
      1001,
      undefined,
    ]);
    expect(await index.pinHeld(asked, holder)).toEqual([true, false, true, true, false]);
  });

  it('takes as many ids in a call as the port promises', async () => {
    const { index, newHolder } = current();
    const names = Array.from({ length: INDEX_BATCH }, (_, at) => `chunk ${at}`);
    const holder = await newHolder();
    const pack = await storePack(index, names, holder);

    const places = await index.locate(names.map(idOf));

    expect(places.map((place) => place?.offset)).toEqual(pack.entries.map(({ offset }) => offset));
    expect(await index.pinHeld(names.map(idOf), holder)).toEqual(names.map(() => true));
  });

  it('shows nothing of a pack before it is committed', async () => {
    const { index, newHolder } = current();
    const holder = await newHolder();
    const pack = samplePack(['a'], [holder]);

    await index.beginPack({ packId: pack.packId, type: pack.type, holder });

    expect(await index.locate([idOf('a')])).toEqual([undefined]);
    expect(await index.pinHeld([idOf('a')], holder)).toEqual([false]);
  });

  it('gives ordinals densely, none twice, and keeps them', async () => {
    const { index, newHolder } = current();
    const holder = await newHolder();
    await storePack(index, ['a', 'b', 'c'], holder);
    const before = await placesOf(index, ['a', 'b', 'c']);

    await storePack(index, ['d', 'b', 'e'], holder);

    const all = await placesOf(index, ['a', 'b', 'c', 'd', 'e']);
    expect(all.map(({ ordinal }) => ordinal).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(all.slice(0, 3)).toEqual(before);
  });

  it('keeps a chunk where it was first stored while that pack is live', async () => {
    const { index, newHolder } = current();
    const holder = await newHolder();
    const first = await storePack(index, ['a', 'b'], holder);

    const second = await storePack(index, ['b', 'c'], holder);

    const places = await placesOf(index, ['a', 'b', 'c']);
    expect(places.map(({ packId }) => packId)).toEqual([first, first, second].map((p) => p.packId));
  });

  it('counts the first of two equal chunks in one pack', async () => {
    const { index, newHolder } = current();

    const pack = await storePack(index, ['a', 'b', 'a'], await newHolder());

    const places = await index.locate([idOf('a'), idOf('b')]);
    expect(places.map((place) => place?.offset)).toEqual(
      pack.entries.slice(0, 2).map(({ offset }) => offset),
    );
    expect(places.map((place) => place?.ordinal).toSorted()).toEqual([0, 1]);
  });

  it('commits packs of many at once as if one after the other', async () => {
    const { index, newHolder } = current();
    const holder = await newHolder();
    const names = Array.from({ length: 40 }, (_, at) => `chunk ${at}`);

    const packs = await Promise.all(
      Array.from({ length: 8 }, async (_, at) =>
        storePack(index, [...names.slice(at * 4, at * 4 + 12), `own ${at}`], holder),
      ),
    );

    const places = await placesOf(index, [...names, ...packs.map((_, at) => `own ${at}`)]);
    expect(places.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b)).toEqual(
      places.map((_, at) => at),
    );
    expect(places.slice(40).map(({ packId }) => packId)).toEqual(packs.map((p) => p.packId));
  });

  it('refuses to commit a pack that was given up, whole', async () => {
    const { index, newHolder } = current();
    const holder = await newHolder();
    const pack = samplePack(['a'], [holder]);
    await index.beginPack({ packId: pack.packId, type: pack.type, holder });
    await index.abandonPack(pack.packId);

    await expect(index.commitPack(pack)).rejects.toMatchObject({ code: 'SERVER_BUSY' });

    expect(await index.locate([idOf('a')])).toEqual([undefined]);
    expect(await current().pinnedBy(holder)).toEqual([]);
  });

  it('refuses to commit a pack twice, and one that was never begun', async () => {
    const { index, newHolder } = current();
    const holder = await newHolder();
    const pack = await storePack(index, ['a'], holder);
    const before = await placesOf(index, ['a']);

    await expect(index.commitPack(pack)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
    await expect(index.commitPack(samplePack(['b'], [holder]))).rejects.toMatchObject({
      code: 'SERVER_BUSY',
    });

    expect(await placesOf(index, ['a'])).toEqual(before);
    expect(await index.locate([idOf('b')])).toEqual([undefined]);
  });

  it('does not give up a pack that is live', async () => {
    const { index, newHolder } = current();
    const pack = await storePack(index, ['a'], await newHolder());
    const before = await placesOf(index, ['a']);

    await index.abandonPack(pack.packId);

    expect(await placesOf(index, ['a'])).toEqual(before);
  });

  it('knows nothing of another household', async () => {
    const { index, newHolder } = current();
    await storePack(index, ['a'], await newHolder());

    const other = await openAnother();
    const holder = await other.newHolder();

    expect(await other.index.locate([idOf('a')])).toEqual([undefined]);
    expect(await other.index.pinHeld([idOf('a')], holder)).toEqual([false]);
    const own = await storePack(other.index, ['a'], holder);
    expect(await placesOf(other.index, ['a'])).toMatchObject([{ packId: own.packId, ordinal: 0 }]);
  });
}
