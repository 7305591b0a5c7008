import { describe, expect, it } from '@jest/globals';
import { SlabPool } from './slab-pool.js';

describe('SlabPool', () => {
  it('makes no more slabs than it may, and lends them again', async () => {
    const pool = new SlabPool(16, 2);
    const [first, second] = [await pool.take(), await pool.take()];
    const third = pool.take();

    second.giveBack();

    expect((await third).memory).toBe(second.memory);
    expect(first.memory).not.toBe(second.memory);
  });

  it('serves those who wait in the order they came', async () => {
    const pool = new SlabPool(16, 1);
    const held = await pool.take();
    const order: string[] = [];
    const waiting = ['first', 'second'].map(async (name) => {
      const slab = await pool.take();
      order.push(name);
      slab.giveBack();
    });

    held.giveBack();
    await Promise.all(waiting);

    expect(order).toEqual(['first', 'second']);
  });

  it('takes a slab back once, however often it is given', async () => {
    const pool = new SlabPool(16, 1);
    const slab = await pool.take();

    slab.giveBack();
    slab.giveBack();
    const one = await pool.take();
    const other = pool.take();

    expect(await Promise.race([other.then(() => 'lent twice'), Promise.resolve('waits')])).toBe(
      'waits',
    );
    one.giveBack();
  });
});
