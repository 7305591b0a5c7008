import { ArchiveError, formatBytes, isArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { coverageText } from './coverage-text.js';
import { when } from './lists.js';

type Snapshot = Schemas['SnapshotDto'];

export interface ShowOptions {
  readonly all?: boolean;
}

/** What the service has of a snapshot, and what it says about its content. */
export async function show(
  context: Context,
  snapshot: Snapshot,
  { all = false }: ShowOptions,
): Promise<ExitCode> {
  const coverage = await coverageOf(context, snapshot.id);
  const said =
    coverage instanceof ArchiveError
      ? `  content cannot be told: ${coverage.message}`
      : coverageText(coverage, all);
  const text = `${headText(snapshot)}\n${said}`;
  const told = coverage instanceof ArchiveError ? null : coverage;
  context.output.result({ ...snapshot, coverage: told }, text);
  return EXIT.ok;
}

/** A backup whose list of files is damaged is shown all the same. */
async function coverageOf(
  context: Context,
  id: string,
): Promise<Schemas['SnapshotCoverageDto'] | ArchiveError> {
  const service = await context.signedIn('long');
  try {
    return await service.call(async (api, signal) =>
      api.GET('/api/v1/snapshots/{id}/coverage', { params: { path: { id } }, signal }),
    );
  } catch (error) {
    if (isArchiveError(error) && error.kind === 'corrupt') return error;
    throw error;
  }
}

function headText(snapshot: Snapshot): string {
  return [
    `${snapshot.deviceName}, ${when(snapshot.takenAt)}`,
    `  id       ${snapshot.id}`,
    ...sharedText(snapshot).map((text) => `  ${text}`),
    `  device   ${snapshot.deviceId}${snapshot.udid === null ? '' : ` (${snapshot.udid})`}`,
    `  iOS      ${snapshot.productVersion ?? '–'} (${snapshot.buildVersion ?? '–'})`,
    ...(snapshot.files === null
      ? []
      : [
          `  content  ${String(snapshot.files)} files, ${bytesOf(snapshot.logicalBytes)}; ${bytesOf(snapshot.newBytes)} were new`,
        ]),
    `  stored   ${when(snapshot.createdAt)}`,
    `  ${snapshot.encrypted ? 'encrypted: its files can be seen with the password of the backup only' : 'not encrypted'}`,
    ...(snapshot.pinned ? ['  pinned: nothing removes it'] : []),
    ...(snapshot.goneAfter === null
      ? []
      : [
          `  IN THE BIN: can be brought back until ${when(snapshot.goneAfter)}, \`rootcellar snapshot undo ${snapshot.id}\``,
        ]),
    ...(snapshot.complete
      ? []
      : [
          `  INCOMPLETE: ${String(snapshot.missingFiles)} files were missing, ${String(snapshot.damagedFiles)} damaged, when it was pushed`,
        ]),
  ].join('\n');
}

export function bytesOf(bytes: number | null): string {
  return bytes === null ? '–' : formatBytes(bytes);
}

/** Whose it is, when it is not one's own. */
export function sharedText({ owner, shared }: Schemas['SnapshotDto']): string[] {
  if (shared === null) return owner === 'household' ? ["the household's"] : [];
  const what = shared.bundleIds === null ? 'shared' : `${shared.bundleIds.join(', ')} shared`;
  return [`${what} by ${shared.from} until ${when(shared.until)}`];
}
