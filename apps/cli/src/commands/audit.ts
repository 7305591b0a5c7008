import { open } from 'node:fs/promises';
import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { systemErrorCode } from '../error-code.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { table } from '../terminal/table.js';
import type { Register } from './command.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';

interface ExportOptions {
  readonly format?: string;
}

interface VerifyOptions {
  readonly head?: string;
}

export const registerAudit: Register = (program, run) => {
  const audit: Command = program
    .command('audit')
    .description('who did what, when and from where: what you did or what concerns you');
  withPage(audit.command('list').description('list it, newest first')).action(run(auditTrail));
  audit
    .command('export <file>')
    .description('write all of it to a new file, oldest first')
    .option('--format <format>', 'csv or json; csv without it')
    .action(run(exportTrail));
  audit
    .command('verify')
    .description('check that nobody changed a line, for administrators; tells the head to keep')
    .option('--head <number:hash>', 'a head that was kept elsewhere: it must still be in the trail')
    .action(run(verify));
};

export async function auditTrail(context: Context, options: PageOptions): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = pageQuery(options);
  const page = await service.call(async (api, signal) =>
    api.GET('/api/v1/audit', { params: { query }, signal }),
  );
  const lines = page.items.map(
    ({ at, member, rule, action, subject, subjectKind, bytes, concerns, fromAddress }) => [
      ...[when(at), [member, rule].filter((who) => who !== null).join(', ') || 'the service'],
      ...[action, subject === '' ? `a ${subjectKind}` : subject],
      ...[concerns === member ? '' : (concerns ?? ''), fromAddress ?? ''],
      bytes === null ? '' : formatBytes(bytes),
    ],
  );
  const text =
    lines.length === 0
      ? 'Nothing was done yet that is written down.'
      : table(['AT', 'BY', 'DID', 'WHAT', 'CONCERNS', 'FROM', 'BYTES'], lines) +
        more(page.nextCursor);
  context.output.result(page, text);
  return EXIT.ok;
}

async function exportTrail(
  context: Context,
  path: string,
  { format = 'csv' }: ExportOptions,
): Promise<ExitCode> {
  if (format !== 'csv' && format !== 'json')
    throw new ArchiveError('INPUT_INVALID', '--format is csv or json.');
  const service = await context.signedIn();
  await using file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw systemErrorCode(cause) === 'EEXIST'
      ? new ArchiveError(
          'RESTORE_TARGET_EXISTS',
          'There is a file of this name. It was left as it is.',
          { cause },
        )
      : new ArchiveError('RESTORE_TARGET_FAILED', 'The file cannot be written.', { cause });
  });
  const { body } = await service.receive(`/api/v1/audit/export?format=${format}`);
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    await file.writeFile(piece);
    bytes += piece.length;
  }
  context.output.result({ path, format, bytes }, `Written to ${path}, ${formatBytes(bytes)}.`);
  return EXIT.ok;
}

async function verify(context: Context, { head }: VerifyOptions): Promise<ExitCode> {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(head ?? '') ?? [];
  if (head !== undefined && hash === undefined)
    throw new ArchiveError('INPUT_INVALID', '--head is a number, a colon and 64 hex digits.', {
      hint: '`rootcellar audit verify` tells it.',
    });
  const service = await context.signedIn();
  const query = hash === undefined ? {} : { seq: Number(seq), hash };
  const found = await service.call(async (api, signal) =>
    api.GET('/api/v1/audit/verify', { params: { query }, signal }),
  );
  const { lines, broken } = found;
  context.output.result(
    found,
    broken === null
      ? `${String(lines)} lines, each as it was written. Keep this elsewhere, and hand it in with --head the next time:\n${String(found.head.seq)}:${found.head.hash}`
      : `BROKEN at line ${String(broken.seq)}: ${broken.why}. Somebody who has the database changed the trail.`,
  );
  return found.intact ? EXIT.ok : EXIT.corrupt;
}
