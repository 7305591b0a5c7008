import { expect, it } from '@jest/globals';
import { idOf, placesOf, samplePack, storePack } from './sample-packs.js';
import type { CurrentIndex } from './verify-chunk-index.js';

/** What keeps packs alive, and what is left of those that are not. */
export function verifyPinning(current: CurrentIndex): void {
  it('pins the packs of what it says is held, and no others', async () => {
    const { index, newHolder, pinnedBy } = current();
    const writer = await newHolder();
    const first = await storePack(index, ['a', 'b'], writer);
    const second = await storePack(index, ['c'], writer);
    await storePack(index, ['d'], writer);
    const reader = await newHolder();

    await index.pinHeld(['a', 'x', 'c', 'b'].map(idOf), reader);

    expect(new Set(await pinnedBy(reader))).toEqual(new Set([first.packId, second.packId]));
  });

  it('pins a new pack for every upload that put chunks in it', async () => {
    const { index, newHolder, pinnedBy } = current();
    const holders = [await newHolder(), await newHolder()] as const;
    const pack = samplePack(['a', 'b'], holders);
    await index.beginPack({ packId: pack.packId, type: pack.type, holder: holders[0] });

    await index.commitPack(pack);

    expect(await pinnedBy(holders[0])).toEqual([pack.packId]);
    expect(await pinnedBy(holders[1])).toEqual([pack.packId]);
  });

  it('pins the other pack too, when a new one brings a chunk that is held there', async () => {
    const { index, newHolder, pinnedBy } = current();
    const first = await storePack(index, ['a'], await newHolder());
    const late = await newHolder();

    const second = await storePack(index, ['a'], late);

    expect(new Set(await pinnedBy(late))).toEqual(new Set([first.packId, second.packId]));
  });

  it('holds and pins nothing for an upload that has ended', async () => {
    const { index, newHolder, endHolder, pinnedBy } = current();
    await storePack(index, ['a'], await newHolder());
    const ended = await newHolder();
    await endHolder(ended);

    expect(await index.pinHeld([idOf('a')], ended)).toEqual([false]);
    await storePack(index, ['b'], ended);

    expect(await pinnedBy(ended)).toEqual([]);
    expect(await placesOf(index, ['b'])).toHaveLength(1);
  });

  it('holds nothing in a condemned pack, yet still reads from it', async () => {
    const { index, newHolder, condemn, pinnedBy } = current();
    const pack = await storePack(index, ['a'], await newHolder());
    const [before] = await placesOf(index, ['a']);
    await condemn(pack.packId);
    const holder = await newHolder();

    const held = await index.pinHeld([idOf('a')], holder);

    expect(held).toEqual([false]);
    expect(await pinnedBy(holder)).toEqual([]);
    const [after] = await placesOf(index, ['a']);
    expect(after).toEqual({ ...before, packEpoch: (before?.packEpoch ?? 0) + 1 });
  });

  it.each(['condemn', 'remove'] as const)(
    'moves a chunk to a new pack when the old one was met by %s, under a new number',
    async (what) => {
      const { index, newHolder, pinnedBy, [what]: meet } = current();
      const old = await storePack(index, ['a', 'b'], await newHolder());
      await meet(old.packId);
      const holder = await newHolder();

      const fresh = await storePack(index, ['c', 'b'], holder);

      expect(await placesOf(index, ['b', 'c'])).toEqual([
        { packId: fresh.packId, ordinal: 3, packEpoch: expect.any(Number) },
        { packId: fresh.packId, ordinal: 2, packEpoch: expect.any(Number) },
      ]);
      expect(await pinnedBy(holder)).toEqual([fresh.packId]);
      expect(await index.pinHeld(['a', 'b', 'c'].map(idOf), holder)).toEqual([false, true, true]);
    },
  );

  it('tells by the epoch of a condemned pack that a chunk left it', async () => {
    const { index, newHolder, condemn } = current();
    const old = await storePack(index, ['a', 'b'], await newHolder());
    await condemn(old.packId);
    const [before] = await placesOf(index, ['a']);

    await storePack(index, ['b'], await newHolder());

    const [after] = await placesOf(index, ['a']);
    expect(after?.packId).toBe(old.packId);
    expect(after?.packEpoch).toBeGreaterThan(before?.packEpoch ?? 0);
  });

  it('does not find what was in a deleted pack', async () => {
    const { index, newHolder, remove } = current();
    const holder = await newHolder();
    const pack = await storePack(index, ['a'], holder);

    await remove(pack.packId);

    expect(await index.locate([idOf('a')])).toEqual([undefined]);
    expect(await index.pinHeld([idOf('a')], holder)).toEqual([false]);
  });

  it('has one epoch for all chunks of a pack', async () => {
    const { index, newHolder } = current();
    await storePack(index, ['a', 'b'], await newHolder());

    const [a, b] = await placesOf(index, ['a', 'b']);

    expect(a?.packEpoch).toBe(b?.packEpoch);
  });
}
