import type { Command } from 'commander';
import { ArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { RunCommand } from './command.js';
import { diffText } from './diff-text.js';
import { artifactIdIn } from './package-names.js';

/** So many files the service names at the most; the text shows the first few of those that grew. */
const FILES_MAX = 5000;

export function withDiff(app: Command, run: RunCommand): void {
  app
    .command('diff <artifact-id> <artifact-id>')
    .description('say what changed from the first package to the second')
    .option('--files <n>', `changed files named with --json, 0 to ${String(FILES_MAX)}`)
    .addHelpText(
      'after',
      '\nSizes, what it newly asks for and signs of how it earns money come first. Signs are no proofs: look at their evidence.',
    )
    .action(run(diff));
}

async function diff(
  context: Context,
  first: string,
  second: string,
  options: { readonly files?: string },
): Promise<ExitCode> {
  const [id, other] = [artifactIdIn(first), artifactIdIn(second)];
  const files = filesIn(options.files);
  const service = await context.signedIn('long');
  const changes = await service.call(async (api, signal) =>
    api.GET('/api/v1/artifacts/{id}/diff/{other}', {
      params: { path: { id, other }, query: { files } },
      signal,
    }),
  );
  context.output.result(changes, diffText(changes));
  return EXIT.ok;
}

/** @throws ArchiveError INPUT_INVALID */
function filesIn(text: string | undefined): number {
  const files = text === undefined ? FILES_MAX : Number(text);
  if (text !== '' && Number.isInteger(files) && files >= 0 && files <= FILES_MAX) return files;
  throw new ArchiveError(
    'INPUT_INVALID',
    `--files is a whole number from 0 to ${String(FILES_MAX)}.`,
  );
}
