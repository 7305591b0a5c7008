import type { DatabaseShape } from '@rootcellar/ios';
import { formatBytes, readableText } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import type { ComparedDatabase } from './app-databases.js';
import type { AppFile, ContainerChanges, FileCount } from './compare-containers.js';
import type { DowngradeCode, DowngradeFinding, DowngradeSafety } from './rollback-plan.js';

export interface ComparedData {
  /** The name of the version to go back to. */
  readonly target: string;
  readonly changes: ContainerChanges;
  readonly databases: readonly ComparedDatabase[];
  readonly comparedWith: { readonly snapshotId: SnapshotId; readonly takenAt: Date };
}

const FINDINGS_MAX = 60;
const NAMES_MAX = 8;
/** A log of its header alone holds no change. */
const LOG_HEADER_BYTES = 32;

/** What an older version of an app may stumble over, from its data then and now. */
export function judgeDowngrade({
  target,
  changes,
  databases,
  comparedWith,
}: ComparedData): DowngradeSafety {
  const found = [
    ...databases.flatMap((database) => databaseFindings(database, target)),
    ...changes.newLogs.filter((log) => isOfKept(log, databases)).map(logFinding),
    ...notLookedAt(databases, changes.moreDatabases),
    ...fileFindings(changes),
  ].sort((a, b) => Number(a.weight === 'note') - Number(b.weight === 'note'));
  const stumbles = found.filter(({ weight }) => weight === 'stumble').length;
  return {
    verdict: stumbles > 0 ? 'changed' : 'unchanged',
    summary: summaryOf(target, stumbles, databases),
    comparedWith,
    databases: databases.length,
    findings: found.slice(0, FINDINGS_MAX),
  };
}

function summaryOf(
  target: string,
  stumbles: number,
  databases: readonly ComparedDatabase[],
): string {
  const seen = databases.filter(({ state }) => state === 'compared' || state === 'same-bytes');
  if (stumbles > 0)
    return `The app changed the form of its data since: ${target} may refuse what is on the device now, or take it for damaged. That is why the data of that time goes back with it; what was written since then is not in it.`;
  if (databases.length === 0)
    return `There is no SQLite database in the app's data; whether ${target} reads what is on the device now, its files do not tell.`;
  if (seen.length === 0)
    return `No database of the app could be compared: nobody can say from here whether ${target} reads what is on the device now.`;
  return `The app's ${count(seen.length, 'database')} still ${seen.length === 1 ? 'has' : 'have'} the form of that time: nothing here speaks against ${target} reading what is on the device now.`;
}

function databaseFindings(database: ComparedDatabase, target: string): DowngradeFinding[] {
  const { state, then, now } = database;
  const say = finding(database);
  switch (state) {
    case 'only-now':
      return [
        say(
          'database-new',
          'note',
          `The database ${nameOf(database)} is new; ${target} does not know it and it stays where it is.`,
        ),
      ];
    case 'only-then':
      return [
        say(
          'database-gone',
          'note',
          `The database ${nameOf(database)} is not there any more; it comes back with the data.`,
        ),
      ];
    case 'unreadable':
      return [
        say(
          'not-looked-at',
          'note',
          `The database ${nameOf(database)} changed, and could not be read here (damaged, or encrypted by the app).`,
        ),
      ];
    case 'compared':
      return then === undefined || now === undefined
        ? []
        : [...versionFindings(database, then, now, target), ...formFindings(database, then, now)];
    default:
      return [];
  }
}

function versionFindings(
  database: ComparedDatabase,
  then: DatabaseShape,
  now: DatabaseShape,
  target: string,
): DowngradeFinding[] {
  const say = finding(database);
  const found: DowngradeFinding[] = [];
  if (then.applicationId !== now.applicationId)
    found.push(
      say(
        'database-other-kind',
        'stumble',
        `${nameOf(database)} says it is a database of another kind now (application id ${String(then.applicationId)}, now ${String(now.applicationId)}).`,
      ),
    );
  if (then.userVersion !== now.userVersion)
    found.push(
      say(
        'database-version',
        'stumble',
        `${nameOf(database)} had form number ${String(then.userVersion)}, now it has ${String(now.userVersion)}: ${target} was made for ${String(then.userVersion)}.`,
      ),
    );
  return found;
}

function formFindings(
  database: ComparedDatabase,
  then: DatabaseShape,
  now: DatabaseShape,
): DowngradeFinding[] {
  const say = finding(database);
  const [older, newer] = [[...then.tables.keys()], [...now.tables.keys()]];
  const parts = changesOf(older, newer, 'table');
  const columns = older
    .filter((table) => now.tables.has(table))
    .flatMap((table) => {
      const changed = changesOf(
        then.tables.get(table) ?? [],
        now.tables.get(table) ?? [],
        'column',
      );
      return changed === '' ? [] : [`in ${quoted(table)} ${changed}`];
    });
  const more =
    columns.length > NAMES_MAX ? `; and in ${count(columns.length - NAMES_MAX, 'table')} more` : '';
  return [
    ...(parts === ''
      ? []
      : [say('tables-changed', 'stumble', `${nameOf(database)} since then: ${parts}.`)]),
    ...(columns.length === 0
      ? []
      : [
          say(
            'columns-changed',
            'stumble',
            `${nameOf(database)}: ${columns.slice(0, NAMES_MAX).join('; ')}${more}.`,
          ),
        ]),
  ];
}

/** `2 tables are new (a, b), 1 is gone (c)` */
function changesOf(then: readonly string[], now: readonly string[], thing: string): string {
  const [before, after] = [new Set(then), new Set(now)];
  const added = now.filter((name) => !before.has(name));
  const gone = then.filter((name) => !after.has(name));
  return [
    ...(added.length === 0
      ? []
      : [
          `${count(added.length, thing)} ${added.length === 1 ? 'is' : 'are'} new (${some(added)})`,
        ]),
    ...(gone.length === 0
      ? []
      : [`${count(gone.length, thing)} ${gone.length === 1 ? 'is' : 'are'} gone (${some(gone)})`]),
  ].join(', ');
}

/** A log of a database that comes back older would be applied to it. */
function isOfKept(log: AppFile, databases: readonly ComparedDatabase[]): boolean {
  if (log.size <= LOG_HEADER_BYTES) return false;
  const path = log.path.replace(/-(wal|journal)$/, '');
  return databases.some(
    (database) =>
      database.domain === log.domain && database.path === path && database.state !== 'only-now',
  );
}

function logFinding(log: AppFile): DowngradeFinding {
  return finding(log)(
    'log-left',
    'stumble',
    `Beside a database lies ${nameOf(log)}, a log of changes that was not there then. If it stays when the older database goes back, the app applies it to that one and damages it: it has to go, or the whole container has to be replaced.`,
  );
}

function notLookedAt(databases: readonly ComparedDatabase[], more: number): DowngradeFinding[] {
  const left = databases.filter(({ state }) => state === 'not-looked-at').length + more;
  if (left === 0) return [];
  const text = `${count(left, 'database')} changed and ${left === 1 ? 'was' : 'were'} not looked at: too large, or too many.`;
  return [{ code: 'not-looked-at', weight: 'note', path: null, text }];
}

function fileFindings({ added, removed }: ContainerChanges): DowngradeFinding[] {
  const say = (code: DowngradeCode, of: FileCount, text: string): DowngradeFinding[] =>
    of.files === 0 ? [] : [{ code, weight: 'note', path: of.examples[0] ?? null, text }];
  return [
    ...say(
      'files-new',
      added,
      `${amount(added)} came since then. They are not removed when the data goes back; an older version mostly ignores what it does not know.`,
    ),
    ...say(
      'files-gone',
      removed,
      `${amount(removed)} of that time ${removed.files === 1 ? 'is' : 'are'} gone by now; ${removed.files === 1 ? 'it comes' : 'they come'} back with the data.`,
    ),
  ];
}

function amount({ files, bytes }: FileCount): string {
  return `${count(files, 'file')} (${formatBytes(bytes)})`;
}

function finding(of: {
  readonly domain: string;
  readonly path: string;
}): (code: DowngradeCode, weight: DowngradeFinding['weight'], text: string) => DowngradeFinding {
  return (code, weight, text) => ({ code, weight, path: `${of.domain}/${of.path}`, text });
}

function nameOf({ path }: { readonly path: string }): string {
  return quoted(path.split('/').at(-1) ?? path);
}

function some(names: readonly string[]): string {
  const shown = names
    .slice(0, NAMES_MAX)
    .map((name) => readableText(name, 60, '?'))
    .join(', ');
  return names.length > NAMES_MAX ? `${shown}, …` : shown;
}

/** Names come from outside. */
function quoted(name: string): string {
  return `“${readableText(name, 80, '?')}”`;
}

function count(number: number, thing: string): string {
  return `${String(number)} ${thing}${number === 1 ? '' : 's'}`;
}
