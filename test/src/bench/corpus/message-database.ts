import { DatabaseSync } from 'node:sqlite';
import { rmSync } from 'node:fs';
import type { Dice } from './dice.js';
import { prose } from './prose.js';

/** Bytes a row takes in the file with its share of the indexes, roughly. */
const BYTES_PER_ROW = 480;
const TEXTS_MAX = 4000;
const ROWS_PER_KEY = 50;
const FIRST_TIMESTAMP = 600_000_000;

const SCHEMA = `
  create table message(rowid integer primary key, guid text, chat int, ts int, text text, attr blob, flags int);
  create index i_guid on message(guid);
  create index i_ts on message(ts);
  create index i_chat on message(chat, ts);
  create table kv(k text primary key, v blob);
`;
const INSERT = 'insert into message values(?,?,?,?,?,?,?)';

export interface DatabaseChange {
  /** Share of the rows a day touches in one way or another. */
  readonly churn: number;
  /** Rewrites the whole file, as apps do now and then. */
  readonly vacuum?: boolean;
}

/** A database of messages with the indexes such apps keep, filled row by row: 4096-byte pages, two thirds full. */
export function createMessageDatabase(path: string, dice: Dice, targetBytes: number): void {
  rmSync(path, { force: true });
  using database = open(path, 'pragma page_size = 4096');
  database.exec(SCHEMA);
  const rows = Math.max(8, Math.floor(targetBytes / BYTES_PER_ROW));
  const texts = Array.from({ length: Math.min(rows, TEXTS_MAX) }, () =>
    prose(dice, dice.int(20, 260)),
  );

  database.exec('begin');
  const insert = database.prepare(INSERT);
  let timestamp = FIRST_TIMESTAMP;
  for (let row = 1; row <= rows; row += 1) {
    timestamp += dice.int(1, 400);
    const text = texts[dice.int(0, texts.length - 1)] ?? '';
    insert.run(
      row,
      guid(dice),
      dice.int(1, 200),
      timestamp,
      text,
      attributes(dice),
      dice.int(0, 15),
    );
  }
  const insertKey = database.prepare('insert into kv values(?, ?)');
  for (let key = 0; key < Math.max(4, Math.floor(rows / ROWS_PER_KEY)); key += 1) {
    insertKey.run(`k${key}`, dice.bytes(60));
  }
  database.exec('commit');
}

/** One day: messages arrive, are read, edited and deleted, in place. */
export function changeMessageDatabase(path: string, dice: Dice, change: DatabaseChange): void {
  using database = open(path, 'pragma page_size');
  const { rows, timestamp } = extent(database);
  const share = (part: number, least: number): number =>
    Math.max(least, Math.floor(rows * change.churn * part));

  database.exec('begin');
  appendMessages(database, dice, { from: rows + 1, count: share(0.5, 3), timestamp });
  const read = database.prepare('update message set flags = flags + 1 where rowid = ?');
  for (let count = share(0.2, 2); count > 0; count -= 1) {
    read.run(rows - Math.floor(dice.exponential(Math.max(2, rows * 0.02))));
  }
  const edit = database.prepare('update message set attr = ? where rowid = ?');
  for (let count = share(0.02, 1); count > 0; count -= 1) {
    edit.run(attributes(dice), dice.int(1, rows));
  }
  const remove = database.prepare('delete from message where rowid = ?');
  for (let count = share(0.02, 1); count > 0; count -= 1) remove.run(dice.int(1, rows));
  const put = database.prepare('update kv set v = ? where k = ?');
  for (let count = share(0.05, 1); count > 0; count -= 1) {
    put.run(dice.bytes(60), `k${dice.int(0, Math.max(1, Math.floor(rows / ROWS_PER_KEY)))}`);
  }
  database.exec('commit');
  if (change.vacuum === true) database.exec('vacuum');
}

function appendMessages(
  database: DatabaseSync,
  dice: Dice,
  { from, count, timestamp }: { from: number; count: number; timestamp: number },
): void {
  const insert = database.prepare(INSERT);
  let now = timestamp;
  for (let row = from; row < from + count; row += 1) {
    now += dice.int(1, 400);
    const text = prose(dice, dice.int(20, 260));
    insert.run(row, guid(dice), dice.int(1, 200), now, text, attributes(dice), 0);
  }
}

/** Nothing here need survive a crash: no journal, no waiting for the disk. */
function open(path: string, first: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(
    `${first}; pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -262144`,
  );
  return database;
}

function extent(database: DatabaseSync): { rows: number; timestamp: number } {
  const row = database.prepare('select max(rowid) as n, max(ts) as ts from message').get();
  return { rows: Number(row?.['n'] ?? 0), timestamp: Number(row?.['ts'] ?? FIRST_TIMESTAMP) };
}

function guid(dice: Dice): string {
  return dice.bytes(16).toString('hex');
}

function attributes(dice: Dice): Buffer {
  return dice.bytes(dice.int(20, 120));
}
