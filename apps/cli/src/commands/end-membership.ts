import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { Service } from '../service.js';
import { CONFIRM } from './bin.js';
import type { ConfirmOptions } from './bin.js';
import { findMember } from './find-member.js';
import { when } from './lists.js';

export interface EndOptions extends ConfirmOptions {
  readonly bin?: boolean;
  readonly handOverTo?: string;
  readonly export?: boolean;
  readonly until?: string;
  readonly dryRun?: boolean;
}

type Ended = Schemas['EndedMembershipDto'];
type Wish = Schemas['EndMembershipDto'];

/** The options that say what becomes of somebody's things. */
export function withEnding(command: Command, confirm: string): Command {
  return command
    .option(
      '--bin',
      'snapshots and private packages go to the bin, and can be brought back from there for a while',
    )
    .option('--hand-over-to <member>', 'all of it belongs to this member from now on')
    .option('--export', 'they may read what is theirs until a day, to take it along; then the bin')
    .option('--until <date>', 'that day, such as 2027-01-31; 30 days from now without it')
    .option('--dry-run', 'only say what would happen')
    .option(CONFIRM[0], confirm);
}

/** Removes a member by an administrator. */
export async function remove(
  context: Context,
  which: string,
  options: EndOptions,
): Promise<ExitCode> {
  requireChoice(options);
  const service = await context.signedIn();
  const { id } = await findMember(service, which);
  const body = await wishOf(service, options);
  const ended = await service.call(async (api, signal) =>
    api.POST('/api/v1/members/{id}/remove', { params: { path: { id } }, body, signal }),
  );
  context.output.result(ended, sayEnded(ended, options.handOverTo));
  return EXIT.ok;
}

/** Leaves the household of this computer's sign-in. */
export async function leave(context: Context, options: EndOptions): Promise<ExitCode> {
  requireChoice(options);
  const service = await context.signedIn();
  const body = await wishOf(service, options);
  const ended = await service.call(async (api, signal) =>
    api.POST('/api/v1/members/me/leave', { body, signal }),
  );
  context.output.result(ended, sayEnded(ended, options.handOverTo));
  return EXIT.ok;
}

/** @throws ArchiveError INPUT_INVALID before anything is asked */
function requireChoice(options: EndOptions): void {
  const chosen = [options.bin, options.handOverTo, options.export].filter(
    (each) => each !== undefined,
  );
  if (chosen.length !== 1) {
    throw new ArchiveError('INPUT_INVALID', 'Say what becomes of their things.', {
      hint: 'One of --bin, --hand-over-to <member> and --export; see --help.',
    });
  }
  if (options.until !== undefined && options.export !== true)
    throw new ArchiveError('INPUT_INVALID', '--until needs --export.');
  untilOf(options.until);
}

async function wishOf(service: Service, options: EndOptions): Promise<Wish> {
  const more = { confirm: [...(options.confirm ?? [])], dryRun: options.dryRun === true };
  if (options.handOverTo !== undefined) {
    const { id } = await findMember(service, options.handOverTo);
    return { data: 'hand-over', to: id, ...more };
  }
  if (options.bin === true) return { data: 'bin', ...more };
  return { data: 'export', ...untilOf(options.until), ...more };
}

function untilOf(text: string | undefined): { until?: string } {
  if (text === undefined) return {};
  const until = new Date(text);
  if (Number.isNaN(until.getTime()))
    throw new ArchiveError('INPUT_INVALID', '--until is a date such as 2027-01-31.');
  return { until: until.toISOString() };
}

/** @param to to whom it is handed over, as it was asked for */
function sayEnded(ended: Ended, to = 'the other member'): string {
  const { name, status } = ended;
  const things = [
    counted(ended.devices, 'device'),
    `${counted(ended.snapshots, 'snapshot')} and ${counted(ended.packages, 'package')} (${formatBytes(ended.logicalBytes)})`,
  ].join(', ');
  const what = WHAT[ended.data](ended, to);
  switch (status) {
    case 'planned':
      return `${name} has ${things}. ${what}\nNothing was changed. Do it with --confirm ${JSON.stringify(ended.confirm)}`;
    case 'waiting':
      return `${name} has to agree: \`rootcellar member leave --hand-over-to ${JSON.stringify(to)}\` on their computer. Nothing changes before.`;
    default:
      return `${name} had ${things}. ${what}`;
  }
}

function counted(count: number, thing: string): string {
  return `${String(count)} ${thing}${count === 1 ? '' : 's'}`;
}

const WHAT: Readonly<Record<Ended['data'], (ended: Ended, to: string) => string>> = {
  bin: ({ until, freedBytes }) =>
    `What is theirs alone lies in the bin until ${when(until)} and frees ${formatBytes(freedBytes)} then; the household's library stays. Brought back from there, it is theirs again once they are invited again.`,
  'hand-over': (_, to) => `All of it goes to ${to}.`,
  export: ({ until }) =>
    `All of it can be read until ${when(until)}, and nothing be added; then it goes to the bin.`,
};
