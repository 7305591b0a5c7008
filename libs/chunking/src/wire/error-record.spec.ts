import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { encodeErrorRecord, readErrorRecord } from './error-record.js';

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

describe('an error record', () => {
  it('carries code and message', () => {
    const record = encodeErrorRecord(new ArchiveError('STORAGE_FULL', 'No room.'));

    const error = readErrorRecord(record.subarray(3));

    expect(record.readUInt8(0)).toBe(8);
    expect(record.readUInt16LE(1)).toBe(record.length - 3);
    expect(error).toMatchObject({ code: 'STORAGE_FULL', message: 'No room.' });
  });

  it('says nothing of a fault that is no ArchiveError', () => {
    const record = encodeErrorRecord(new TypeError('secret'));

    expect(record.toString()).not.toContain('secret');
    expect(readErrorRecord(record.subarray(3)).code).toBe('INTERNAL');
  });

  it('has room for any message', () => {
    const record = encodeErrorRecord(new ArchiveError('INTERNAL', '\u{1f954}"'.repeat(50_000)));

    expect(record.length).toBeLessThan(65536);
    expect(readErrorRecord(record.subarray(3)).code).toBe('INTERNAL');
  });

  it.each(['SOMETHING_NEW', 'toString', '__proto__'])(
    'becomes INTERNAL with the code %s',
    (code) => {
      expect(readErrorRecord(json({ code, message: 'x' })).code).toBe('INTERNAL');
    },
  );

  it('shows no control characters', () => {
    const error = readErrorRecord(json({ code: 'INTERNAL', message: 'a\u001b[31m\nb' }));

    expect(error.message).toBe('a [31m b');
  });

  it.each([
    ['no JSON', Buffer.from('{"code"')],
    ['no object', json('INTERNAL')],
    ['null', json(null)],
    ['no code', json({ message: 'x' })],
    ['no message', json({ code: 'INTERNAL' })],
    ['a message that is no text', json({ code: 'INTERNAL', message: 1 })],
  ])('is refused with %s', (_, bytes) => {
    expect(() => readErrorRecord(bytes)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
  });
});
