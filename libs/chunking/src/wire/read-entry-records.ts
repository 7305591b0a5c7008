import { decodeStream } from './decode-stream.js';
import type { Grammar } from './decode-stream.js';
import { EntryRules } from './entry-rules.js';
import { RECORD } from './entry.js';
import type { EntryRecord } from './entry.js';
import { protocolBroken } from './protocol-broken.js';
import { readEnd, readEntry, readMore } from './read-entry.js';

/**
 * The records of a commit (docs/protocol.md, Entries), each checked before it is given: ascending safe paths, counts, sizes
 * that add up. That the list is whole is known when the iteration has ended, so act on nothing before. Memory: one record.
 * @throws ArchiveError PROTOCOL_BROKEN for bytes that are no records or end too early, UPLOAD_ENTRIES_INVALID for records
 * that make no list of files
 */
export function readEntryRecords(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<EntryRecord, void, void> {
  return decodeStream(source, entriesGrammar());
}

function* entriesGrammar(): Grammar<EntryRecord> {
  const rules = new EntryRules('UPLOAD_ENTRIES_INVALID');
  for (;;) {
    const record = (yield 1).readUInt8(0);
    if (record === RECORD.entry) yield yield* readEntry(rules);
    else if (record === RECORD.more) yield yield* readMore(rules);
    else if (record === RECORD.end) {
      yield* readEnd(rules);
      return;
    } else throw protocolBroken('a record has an unknown number', { details: { record } });
  }
}
