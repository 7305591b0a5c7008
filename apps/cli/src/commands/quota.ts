import { ArchiveError, formatBytes } from '@rootcellar/model';
import type { Schemas } from '@rootcellar/client';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { Service } from '../service.js';
import type { Register } from './command.js';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  ...Object.fromEntries(['k', 'm', 'g', 't'].map((unit, at) => [unit, 1024 ** (at + 1)])),
};

export const registerQuota: Register = (program, run) => {
  groupOf(program, 'member', 'the people of the household')
    .command('quota <member> <bytes>')
    .description('how much a member may use, as 500G or 2T; `none` takes the quota away')
    .action(run(memberQuota));
  const household = groupOf(program, 'household', 'the household and its settings');
  household
    .command('dedup <whose>')
    .description(
      'with whose chunks sizes are reckoned when they are told to a member: `household` or `member`',
    )
    .action(run(dedup));
  household
    .command('quota <household-id> <bytes>')
    .description('how much a household may use; for the operator')
    .action(run(householdQuota));
};

/** The group may be there already. */
function groupOf(program: Command, name: string, description: string): Command {
  return (
    program.commands.find((command) => command.name() === name) ??
    program.command(name).description(description)
  );
}

async function memberQuota(context: Context, member: string, size: string): Promise<ExitCode> {
  const bytes = bytesIn(size);
  const service = await context.signedIn();
  const { memberId, name } = await findMember(service, member);
  await service.call(async (api, signal) =>
    api.PUT('/api/v1/members/{id}/quota', {
      ...{ params: { path: { id: memberId } }, body: { bytes }, signal },
    }),
  );
  context.output.result({ memberId, quotaBytes: bytes }, `${name} ${told(bytes)}.`);
  return EXIT.ok;
}

async function householdQuota(context: Context, id: string, size: string): Promise<ExitCode> {
  const bytes = bytesIn(size);
  const service = await context.signedIn();
  await service.call(async (api, signal) =>
    api.PUT('/api/v1/households/{id}/quota', { params: { path: { id } }, body: { bytes }, signal }),
  );
  context.output.result({ householdId: id, quotaBytes: bytes }, `The household ${told(bytes)}.`);
  return EXIT.ok;
}

async function dedup(context: Context, whose: string): Promise<ExitCode> {
  if (whose !== 'household' && whose !== 'member')
    throw new ArchiveError('INPUT_INVALID', 'Sizes are told by `household` or by `member`.');
  const service = await context.signedIn();
  await service.call(async (api, signal) =>
    api.PUT('/api/v1/household', { body: { dedup: whose }, signal }),
  );
  context.output.result({ dedup: whose }, `Sizes are told by ${whose} from now on.`);
  return EXIT.ok;
}

async function findMember(
  service: Service,
  which: string,
): Promise<Pick<Schemas['MemberUseDto'], 'memberId' | 'name'>> {
  const { use } = await service.call(async (api, signal) => api.GET('/api/v1/storage', { signal }));
  const found = use.members.filter(({ memberId, name }) => memberId === which || name === which);
  const [member] = found;
  if (member !== undefined && found.length === 1) return member;
  throw new ArchiveError(
    'NOT_FOUND',
    found.length === 0 ? 'The household has no such member.' : 'Several members have this name.',
    { hint: '`rootcellar storage` shows names and ids.' },
  );
}

/** Whole or with a fraction, in units of 1024. @returns null for `none` */
function bytesIn(text: string): number | null {
  if (text === 'none') return null;
  const [, digits = '', unit = ''] =
    /^(\d{1,15}(?:\.\d{1,3})?)([kmgt]?)(?:i?b)?$/i.exec(text) ?? [];
  const bytes = Math.round(Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (digits === '' || !Number.isSafeInteger(bytes))
    throw new ArchiveError(
      'INPUT_INVALID',
      'A quota is a number of bytes, as 500G or 2T, or none.',
    );
  return bytes;
}

function told(bytes: number | null): string {
  return bytes === null ? 'has no quota any more' : `may use ${formatBytes(bytes)} from now on`;
}
