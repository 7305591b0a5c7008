import { ArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { ask } from '../read-secret.js';
import { chooseHousehold, whoIs } from '../sign-in/keep-sign-in.js';
import type { Register } from './command.js';
import { when } from './lists.js';
import { scopeIn } from './token.js';

interface ApproveOptions {
  readonly scope?: string;
  readonly household?: string;
  readonly yes?: boolean;
  readonly deny?: boolean;
}

export const registerApprove: Register = (program, run) => {
  program
    .command('approve <code>')
    .description('sign in a computer that shows this code, as yourself')
    .option('--scope <scope>', 'push, restore or admin; what it asks for without it')
    .option(
      '--household <household>',
      'id or name; the one this computer is signed in to without it',
    )
    .option('--yes', 'do not ask')
    .option('--deny', 'refuse it')
    .action(run(approve));
};

async function approve(
  context: Context,
  userCode: string,
  options: ApproveOptions,
): Promise<ExitCode> {
  const service = await context.signedIn();
  const asked = await service.call(async (api, signal) =>
    api.POST('/api/v1/device-codes/look', { body: { userCode }, signal }),
  );
  const { clientName } = asked;
  const scope = options.scope === undefined ? asked.scope : scopeIn(options.scope);
  const approved = options.deny !== true;
  if (approved && options.yes !== true) {
    context.output.error(
      `${clientName} (${asked.from}) asked at ${when(asked.requestedAt)} to be signed in as you, for ${scope}.`,
    );
    const answer = await ask(context, { prompt: 'Did you start that? [y/N]', option: '--yes' });
    if (!/^y(es)?$/i.test(answer))
      throw new ArchiveError('INTERRUPTED', 'Nothing was approved. Refuse it with --deny.');
  }
  const where = approved ? await householdIn(context, options.household) : {};
  const body = { userCode, approve: approved, scope, ...where };
  await service.call(async (api, signal) =>
    api.POST('/api/v1/device-codes/decide', { body, signal }),
  );
  const text = approved ? `${clientName} is signed in as you, for ${scope}.` : 'It was refused.';
  context.output.result({ approved, clientName, scope }, text);
  return EXIT.ok;
}

async function householdIn(
  context: Context,
  which: string | undefined,
): Promise<{ householdId?: string }> {
  if (which === undefined) return {};
  const { households } = await whoIs(await context.signedIn());
  return { householdId: chooseHousehold(households, which).householdId };
}
