import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Context } from '../context.js';
import { Crew } from '../crew/crew.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { addPackage } from '../package/add-package.js';
import type { Service } from '../service.js';
import { takeTurn } from '../store/fetch-pause.js';
import { findGap } from '../store/find-gap.js';
import { fetchVersion } from '../store/fetch-version.js';
import type { FetchedVersion } from '../store/fetch-version.js';
import { ipatool } from '../store/ipatool.js';
import type { WantedVersion } from '../store/app-store.js';
import type { RunCommand } from './command.js';

interface FetchOptions {
  readonly versionId?: string;
  readonly itemId?: string | undefined;
  readonly purchase?: boolean;
  readonly private?: boolean;
  readonly ipatool?: string;
  readonly timeout?: string;
}

const TIMEOUT_SECONDS = 30 * 60;

export function withFetch(app: Command, run: RunCommand): void {
  app
    .command('fetch <bundle-id-or-gap>')
    .description('fetch one version from the App Store with your own ipatool, and keep it')
    .option(
      '--version-id <id>',
      'the store’s number of that very version; not needed with the id of a gap',
    )
    .option('--item-id <id>', 'the store’s number of the app, for one that is not on sale any more')
    .option('--purchase', 'get a licence of a free app if your Apple ID has none')
    .option('--private', 'keep it for yourself: the household does not see it')
    .option('--ipatool <program>', 'where ipatool is; ROOTCELLAR_IPATOOL says it for always')
    .option('--timeout <seconds>', 'how long the download may take (1800)')
    .addHelpText(
      'after',
      `
<bundle-id-or-gap> is a bundle id, with --version-id, or an id of \`app gaps --json\`.
Off unless it is told where ipatool is (https://github.com/majd/ipatool), which you have signed in yourself: Rootcellar asks for no Apple ID
and no password. One version a call, and one a minute at most. What arrives is looked at: if it is not the very version that was
asked for, it is not added, and said so. Nothing is bought, or accepted, without --purchase.`,
    )
    .action(run(fetch));
}

async function fetch(context: Context, which: string, options: FetchOptions): Promise<ExitCode> {
  const named = options.versionId === undefined ? undefined : wantedVersion(which, options);
  const store = ipatool({
    program: programOf(context, options),
    env: context.world.env,
    timeoutMs: 1000 * timeoutSeconds(options.timeout),
    signal: context.world.signal,
  });
  // Before anything is fetched: it would have nowhere to go.
  const service = await context.signedIn('long');
  const wanted = named ?? (await versionOfGap(service, which, options));
  await takeTurn(context.configFolder, context.world.clock);
  const crew = new Crew();
  try {
    context.output.note(`Fetching ${wanted.bundleId}, version id ${wanted.externalVersionId} …`);
    const parts = { service, crew, isPrivate: options.private === true, onSent: () => undefined };
    const fetched = await fetchVersion(
      {
        ...{ store, place: join(context.configFolder, 'store') },
        add: async (file) => addPackage(parts, file),
      },
      wanted,
    );
    context.output.result({ id: fetched.artifactId, ...fetched }, lineOf(fetched));
    return EXIT.ok;
  } finally {
    await crew.close();
  }
}

function lineOf({
  status,
  version,
  build,
  artifactId,
  sentBytes,
  purchased,
}: FetchedVersion): string {
  const how = status === 'added' ? `kept, ${formatBytes(sentBytes)} sent` : 'was kept before';
  const licence = purchased ? ' A licence was got for it.' : '';
  return `${version ?? '–'} (${build ?? '–'}): ${how}: ${artifactId}.${licence}`;
}

async function versionOfGap(
  service: Service,
  id: string,
  options: FetchOptions,
): Promise<WantedVersion> {
  const { bundleId, externalVersionId, itemId } = await findGap(service, id);
  return wantedVersion(bundleId, { itemId, ...options, versionId: externalVersionId });
}

/** What goes into the arguments of another program has the form it must have. @throws ArchiveError INPUT_INVALID */
function wantedVersion(bundleId: string, options: FetchOptions): WantedVersion {
  const { versionId: externalVersionId = '', itemId, purchase } = options;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(bundleId))
    throw new ArchiveError('INPUT_INVALID', 'A bundle id looks like com.example.app.');
  for (const [name, value] of [
    ['--version-id', externalVersionId],
    ['--item-id', itemId ?? '0'],
  ] as const) {
    if (!/^\d{1,20}$/.test(value))
      throw new ArchiveError('INPUT_INVALID', `${name} is a number, as the store gives it.`);
  }
  return { bundleId, externalVersionId, itemId, purchase: purchase === true };
}

/** @throws ArchiveError STORE_OFF */
function programOf({ world }: Context, { ipatool: given }: FetchOptions): string {
  const program = given ?? world.env['ROOTCELLAR_IPATOOL'] ?? '';
  // It runs in another folder; a bare name is looked for on the search path.
  if (program !== '') return /[/\\]/.test(program) ? resolve(program) : program;
  throw new ArchiveError(
    'STORE_OFF',
    'Fetching from the store is off on this computer; nothing was asked for.',
    {
      hint: 'Where you have ipatool and have signed it in, say so with --ipatool ipatool, or for always with ROOTCELLAR_IPATOOL.',
    },
  );
}

function timeoutSeconds(text: string | undefined): number {
  if (text === undefined) return TIMEOUT_SECONDS;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds > 0 && seconds <= 86_400) return seconds;
  throw new ArchiveError('INPUT_INVALID', '--timeout is a number of seconds up to 86400.');
}
