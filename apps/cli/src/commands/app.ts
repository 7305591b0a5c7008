import { ArchiveError, formatBytes, isArchiveError } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { Crew } from '../crew/crew.js';
import { EXIT, exitCodeOf } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { addPackage } from '../package/add-package.js';
import type { AddParts, AddedPackage } from '../package/add-package.js';
import { findPackages } from '../package/find-packages.js';
import { getPackage } from '../package/get-package.js';
import { Progress } from '../terminal/progress.js';
import { table } from '../terminal/table.js';
import { registerAppVersions } from './app-versions.js';
import { withCheck } from './app-check.js';
import { withDiff } from './app-diff.js';
import { withSignals } from './app-signals.js';
import type { Register } from './command.js';
import { withFetch } from './app-fetch.js';
import { withKeeping } from './keeping.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { nameIn } from './names.js';
import { artifactIdIn } from './package-names.js';

export const registerApp: Register = (program, run) => {
  const app = program.command('app').description("the household's library of app packages");
  app
    .command('add <file-or-folder...>')
    .description('keep app packages (.ipa, .apk, .apks, .xapk, .apkm); folders are searched')
    .addHelpText(
      'after',
      '\nExits with 3 when some were refused and others kept; when all were refused, with the code of the first.',
    )
    .option('--private', 'keep them for yourself: the household does not see them')
    .action(run(add));
  withPage(app.command('list').description('list the apps')).action(run(list));
  withPage(
    app.command('versions <bundle-id>').description('list the kept versions of an app'),
  ).action(run(versions));
  app
    .command('get <artifact-id>')
    .description('write a package back, exactly the file that came in')
    .requiredOption('--to <file>', 'file to write')
    .action(run(get));
  app
    .command('private <artifact-id>')
    .description('keep a package of yours for yourself; whom it was shared with goes on seeing it')
    .option('--undo', 'give it to the household’s library again')
    .action(run(setPrivate));
  withFetch(app, run);
  withKeeping(app, run, {
    group: 'app',
    argument: '<artifact-id>',
    idOf: async (_, which) => Promise.resolve(artifactIdIn(which)),
    pin: async (api, options) => api.POST('/api/v1/artifacts/{id}/pin', options),
    unpin: async (api, options) => api.POST('/api/v1/artifacts/{id}/unpin', options),
    forget: async (api, options) => api.POST('/api/v1/artifacts/{id}/forget', options),
    undo: async (api, options) => api.POST('/api/v1/artifacts/{id}/undo', options),
  });
  withCheck(app, run);
  withDiff(app, run);
  withSignals(app, run);
  app
    .command('subscription <bundle-id>')
    .description('say since which version the app wants a subscription, for beforeSubscription')
    .option('--from <version>', "the first such version, or the store's number of it")
    .option('--none', 'it wants none')
    .action(run(subscription));
  registerAppVersions(app, run);
};

interface AddItem {
  readonly id: string;
  readonly file: string;
  readonly status: 'added' | 'already-kept' | 'refused';
  readonly artifactId: string | null;
  readonly bundleId: string | null;
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
  readonly sentBytes: number;
  readonly code: string | null;
  readonly message: string | null;
}

async function add(
  context: Context,
  paths: readonly string[],
  options: { readonly private?: boolean },
): Promise<ExitCode> {
  const progress = new Progress(context.output, context.world.clock, 'Adding');
  const service = await context.signedIn('long');
  const crew = new Crew();
  const parts: AddParts = {
    ...{ service, crew, isPrivate: options.private === true },
    onSent: (bytes) => progress.add({ files: 0, bytes }),
  };
  const items: AddItem[] = [];
  const refusals: unknown[] = [];
  try {
    for await (const path of findPackages(paths)) {
      const item = await addOne(parts, path, refusals);
      items.push(item);
      progress.add({ files: 1, bytes: 0 });
      if (!context.output.json) progress.note(line(item));
    }
  } catch (error) {
    if (!context.world.signal.aborted) throw error;
    throw new ArchiveError(
      'INTERRUPTED',
      'Interrupted. Packages that were added are kept: run the same command again and it goes on from there.',
      { cause: error },
    );
  } finally {
    await crew.close();
    progress.close();
  }
  if (items.length === 0) {
    throw new ArchiveError(
      'PACKAGE_UNREADABLE',
      'There is no app package (.ipa, .apk, .apks, .xapk, .apkm) in what was given; nothing was added.',
    );
  }
  const counts = ['added', 'already-kept', 'refused'].map(
    (status) => `${String(items.filter((item) => item.status === status).length)} ${status}`,
  );
  context.output.result({ items, nextCursor: null }, counts.join(', '));
  return exitCode(items, refusals);
}

/** A package that is refused does not keep the others out. What is wrong with the service or the sign-in ends the command. */
async function addOne(parts: AddParts, path: string, refusals: unknown[]): Promise<AddItem> {
  try {
    return kept(path, await addPackage(parts, path));
  } catch (error) {
    if (!isArchiveError(error) || !refusesOne(error)) throw error;
    refusals.push(error);
    return {
      ...{
        id: path,
        file: path,
        status: 'refused',
        artifactId: null,
        bundleId: null,
        version: null,
        build: null,
      },
      ...{ externalVersionId: null, sentBytes: 0, code: error.code, message: error.message },
    };
  }
}

const REFUSING: ReadonlySet<string> = new Set(['invalid', 'corrupt', 'not-found', 'failed']);

function refusesOne(error: ArchiveError): boolean {
  return REFUSING.has(error.kind) || error.code === 'PACKAGE_CHANGING';
}

function kept(path: string, added: AddedPackage): AddItem {
  return { id: added.artifactId, file: path, ...added, code: null, message: null };
}

function line(item: AddItem): string {
  if (item.status === 'refused')
    return `${item.file}: refused (${item.code ?? ''}): ${item.message ?? ''}`;
  return `${item.file}: ${item.status}, ${item.bundleId ?? ''} ${item.version ?? ''} (${item.build ?? ''})`;
}

function exitCode(items: readonly AddItem[], refusals: readonly unknown[]): ExitCode {
  if (refusals.length === 0) return EXIT.ok;
  return refusals.length < items.length ? EXIT.partly : exitCodeOf(refusals[0]);
}

async function list(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/apps', { params: { query }, signal }),
  );
  const lines = page.items.map((app) => [
    app.bundleId,
    app.name,
    String(app.versions),
    String(app.artifacts),
    formatBytes(app.logicalBytes),
  ]);
  const text =
    lines.length === 0
      ? 'No app yet: `rootcellar app add <file-or-folder>` brings the first.'
      : table(['BUNDLE ID', 'NAME', 'VERSIONS', 'PACKAGES', 'SIZE'], lines) + more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

async function versions(context: Context, which: string, options: PageOptions): Promise<ExitCode> {
  const bundleId = nameIn(which, '`rootcellar app list` shows the apps.');
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/apps/{bundleId}/versions', { params: { path: { bundleId }, query }, signal }),
  );
  if (page.items.length === 0 && options.cursor === undefined) {
    throw new ArchiveError('NOT_FOUND', 'No version of this app is kept.', {
      hint: '`rootcellar app list` shows the apps.',
    });
  }
  const lines = page.items.flatMap((version) =>
    version.artifacts.map((artifact) => [
      version.version ?? '–',
      version.build ?? '–',
      version.externalVersionId ?? '–',
      artifact.id,
      formatBytes(artifact.size),
      [artifact.fileName, ...notesOn(artifact)].join(' '),
    ]),
  );
  const packages = page.items.flatMap(({ artifacts }) => artifacts);
  context.output.result(
    page,
    table(['VERSION', 'BUILD', 'STORE ID', 'PACKAGE', 'SIZE', 'FILE'], lines) +
      problemLines(packages) +
      more(page.nextCursor) +
      (bundleId.startsWith('android:') ? ANDROID_DATA : ''),
  );
  return EXIT.ok;
}

/** Where a version is looked for, so that nobody counts on its data (design/ios-facts.md 3.11). */
const ANDROID_DATA =
  '\n\nAn app’s data do not come along: Android refuses an older version over a newer one, and removes the data when the app is removed.';

/** What in packages is not as it should be, below the table. */
function problemLines(packages: readonly Schemas['ArtifactDto'][]): string {
  const lines = packages.flatMap(({ id, problems }) =>
    problems.map(({ message }) => `  ${id}: ${message}`),
  );
  return lines.length === 0 ? '' : `\n\nTo know before you rely on them:\n${lines.join('\n')}`;
}

function notesOn({ pinned, shared, ...artifact }: Schemas['ArtifactDto']): string[] {
  return [
    ...(artifact.continuity === 'other'
      ? ['(SIGNED BY ANOTHER than the version before: Android will refuse it as an update)']
      : []),
    ...(artifact.continuity === 'unknown' ? ['(signer not readable)'] : []),
    ...(pinned ? ['(pinned)'] : []),
    ...(shared === null
      ? artifact.private
        ? ['(private)']
        : []
      : [`(shared by ${shared.from} until ${when(shared.until)})`]),
  ];
}

async function get(
  context: Context,
  which: string,
  options: { readonly to: string },
): Promise<ExitCode> {
  const artifactId = artifactIdIn(which);
  const progress = new Progress(context.output, context.world.clock, 'Fetching');
  const service = await context.signedIn('long');
  const { sha256, size } = await getPackage(service, artifactId, options.to, (bytes) =>
    progress.add({ files: 0, bytes }),
  ).finally(() => progress.close());
  const text = `${options.to}: ${formatBytes(size)}, SHA-256 ${sha256}`;
  context.output.result({ artifactId, path: options.to, size, sha256 }, text);
  return EXIT.ok;
}

async function setPrivate(
  context: Context,
  which: string,
  { undo = false }: { readonly undo?: boolean },
): Promise<ExitCode> {
  const id = artifactIdIn(which);
  const service = await context.signedIn();
  const result = await service.call(async (api, signal) =>
    api.PUT('/api/v1/artifacts/{id}/private', {
      params: { path: { id } },
      body: { private: !undo },
      signal,
    }),
  );
  const text = result.private ? `Yours alone: ${id}` : `In the household’s library: ${id}`;
  context.output.result(result, text);
  return EXIT.ok;
}

async function subscription(
  context: Context,
  which: string,
  { from, none = false }: { readonly from?: string; readonly none?: boolean },
): Promise<ExitCode> {
  if ((from === undefined) !== none)
    throw new ArchiveError('INPUT_INVALID', 'Say either --from <version> or --none.');
  const bundleId = nameIn(which, '`rootcellar app list` shows the bundle ids.');
  const service = await context.signedIn();
  const result = await service.call(async (api, signal) =>
    api.PUT('/api/v1/apps/{bundleId}/subscription', {
      params: { path: { bundleId } },
      body: { from: from ?? null },
      signal,
    }),
  );
  const text =
    result.from === null
      ? `${bundleId} wants no subscription.`
      : `${bundleId} wants a subscription from ${result.from} on; the rule beforeSubscription keeps the last version before it.`;
  context.output.result(result, text);
  return EXIT.ok;
}
