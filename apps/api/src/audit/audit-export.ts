import type { AuditView } from '@rootcellar/catalog/queries';

const COLUMNS = [
  ...([
    'seq',
    'at',
    'member',
    'concerns',
    'action',
    'subjectKind',
    'subject',
    'subjectId',
  ] as const),
  ...(['bytes', 'rule', 'fromAddress', 'fromAgent', 'signIn', 'id', 'hash'] as const),
];

/** RFC 4180, with a header line. */
export async function* csvOf(lines: AsyncIterable<AuditView>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${COLUMNS.join(',')}\r\n`);
  for await (const line of lines)
    yield Buffer.from(`${COLUMNS.map((column) => csvCell(line[column])).join(',')}\r\n`);
}

/** One JSON array, a line for each element. */
export async function* jsonOf(lines: AsyncIterable<AuditView>): AsyncGenerator<Uint8Array> {
  let before = '[\n';
  for await (const line of lines) {
    yield Buffer.from(before + JSON.stringify(line));
    before = ',\n';
  }
  yield Buffer.from(before === '[\n' ? '[]\n' : '\n]\n');
}

/** Text that a spreadsheet would take for a formula gets an apostrophe before it: names come from devices, which anybody may name. */
export function csvCell(value: string | number | Date | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value instanceof Date ? value.toISOString() : value;
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
