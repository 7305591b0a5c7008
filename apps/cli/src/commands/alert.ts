import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { nameOf } from '../rollback/describe-run.js';
import type { Register } from './command.js';
import { more, pageQuery, when, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { idIn } from './names.js';

export const registerAlert: Register = (program, run) => {
  const alert = program
    .command('alert')
    .description('backups that show another version than is held');
  withPage(alert.command('list').description('of your devices and the household’s, newest first'))
    .option('--all', 'also those that were dismissed')
    .action(run(list));
  alert
    .command('dismiss <alert-id>')
    .description('it was seen; the hold stays, and this version raises no alert again')
    .action(run(dismiss));
};

async function list(
  context: Context,
  { all = false, ...page }: PageOptions & { readonly all?: boolean },
): Promise<ExitCode> {
  const service = await context.signedIn();
  const query = { ...pageQuery(page), ...(all ? { dismissed: true } : {}) };
  const alerts = await service.call(async (api, signal) =>
    api.GET('/api/v1/alerts', { params: { query }, signal }),
  );
  const text =
    alerts.items.length === 0
      ? 'No alert: every backup shows the versions that are held.'
      : alerts.items.map(describe).join('\n') + more(alerts.nextCursor);
  context.output.result(alerts, text);
  return EXIT.ok;
}

function describe(alert: Schemas['AlertDto']): string {
  const { id, bundleId, deviceId, deviceName, held, seen, raisedAt, dismissedAt } = alert;
  const note = dismissedAt === null ? '' : ' (dismissed)';
  return [
    `${id}  ${when(raisedAt)}${note}`,
    `  ${deviceName} has ${bundleId} at ${nameOf(seen)}; ${nameOf(held)} is held there.`,
    `  Roll back again: rootcellar rollback plan ${bundleId} --device ${deviceId}`,
    `  Let it be: rootcellar hold release ${alert.holdId}`,
  ].join('\n');
}

async function dismiss(context: Context, which: string): Promise<ExitCode> {
  const id = idIn(which, {
    message: 'An alert is named by its id.',
    hint: '`rootcellar alert list` shows the ids.',
  });
  const service = await context.signedIn();
  await service.call(async (api, signal) =>
    api.POST('/api/v1/alerts/{id}/dismiss', { params: { path: { id } }, signal }),
  );
  context.output.result({ id }, `Dismissed: ${id}. The hold stays.`);
  return EXIT.ok;
}
