import { describe, expect, it } from '@jest/globals';
import { byteSize, newId, systemClock } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import type { UploadProgress, UploadTotals } from '../ports/upload-catalog.js';
import { TrafficNotes } from './traffic-notes.js';

const totals: UploadTotals = { storedBytes: byteSize(1), reservedBytes: byteSize(0) };
const upload = newId<UploadId>(systemClock);
const other = newId<UploadId>(systemClock);
const bytes = (count: number): UploadProgress => ({
  sentBytes: count,
  newBytes: count * 2,
  storedBytes: count * 3,
});

/** A catalog whose notes are written when the test says so. */
function slowCatalog() {
  const notes: (UploadProgress & {
    readonly id: UploadId;
    readonly written: PromiseWithResolvers<UploadTotals | undefined>;
  })[] = [];
  const touch = async (
    id: UploadId,
    progress: UploadProgress,
  ): Promise<UploadTotals | undefined> => {
    const written = Promise.withResolvers<UploadTotals | undefined>();
    notes.push({ id, ...progress, written });
    return written.promise;
  };
  return { notes, touch };
}

describe('the traffic of an upload', () => {
  it('is noted at once, and what comes meanwhile together, as soon as that is done', async () => {
    const catalog = slowCatalog();
    const traffic = new TrafficNotes(catalog);

    const first = traffic.note(upload, bytes(1));
    const meanwhile = [traffic.note(upload, bytes(10)), traffic.note(upload, bytes(100))];
    expect(catalog.notes).toHaveLength(1);
    catalog.notes[0]?.written.resolve(totals);
    expect(await first).toBe(totals);
    await new Promise(setImmediate);
    expect(catalog.notes).toHaveLength(2);
    catalog.notes[1]?.written.resolve(totals);

    expect(await Promise.all(meanwhile)).toEqual([totals, totals]);
    expect(catalog.notes[1]).toMatchObject(bytes(110));
  });

  it('waits for no other upload', () => {
    const catalog = slowCatalog();
    const traffic = new TrafficNotes(catalog);

    void traffic.note(upload, bytes(1));
    void traffic.note(other, bytes(2));

    expect(catalog.notes.map(({ id }) => id)).toEqual([upload, other]);
  });

  it('is told to nobody else when it could not be noted', async () => {
    const catalog = slowCatalog();
    const traffic = new TrafficNotes(catalog);

    const first = traffic.note(upload, bytes(1));
    const second = traffic.note(upload, bytes(10));
    catalog.notes[0]?.written.reject(new Error('no room'));
    await expect(first).rejects.toThrow('no room');
    await new Promise(setImmediate);
    catalog.notes[1]?.written.resolve(undefined);

    expect(await second).toBe(undefined);
    expect(catalog.notes[1]).toMatchObject(bytes(10));
  });
});
