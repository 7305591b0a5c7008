import type { Command } from 'commander';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { RunCommand } from './command.js';
import { findDevice } from './find-device.js';
import { when } from './lists.js';
import { artifactIdIn, titleOf } from './package-names.js';

type Verdict = Schemas['InstallabilityDto'];
type Answer = Schemas['InstallabilityPageDto'];

export function withCheck(app: Command, run: RunCommand): void {
  app
    .command('check <artifact-id>')
    .description('say whether a package can be installed on your devices, and why not')
    .option('--device <device>', 'only on this one: id, UDID or name')
    .addHelpText(
      'after',
      '\nExits with 0 when nothing speaks against it on at least one device asked for, and with 3 when on none of them it can be installed.',
    )
    .action(run(check));
}

async function check(
  context: Context,
  which: string,
  { device }: { readonly device?: string },
): Promise<ExitCode> {
  const id = artifactIdIn(which);
  const deviceId = device === undefined ? undefined : (await findDevice(context, device)).id;
  const answer = await everyPage(context, id, deviceId);
  context.output.result(answer, checkText(answer));
  return answer.items.some(({ installs }) => installs !== 'no') ? EXIT.ok : EXIT.partly;
}

/** A household has a few devices; all of them are shown. */
async function everyPage(
  context: Context,
  id: string,
  deviceId: string | undefined,
): Promise<Answer> {
  const service = await context.signedIn();
  const ask = async (cursor: string | undefined): Promise<Answer> =>
    service.call(async (api, signal) =>
      api.GET('/api/v1/artifacts/{id}/installability', {
        params: {
          path: { id },
          query: {
            ...(deviceId === undefined ? {} : { deviceId }),
            ...(cursor === undefined ? {} : { cursor }),
          },
        },
        signal,
      }),
    );
  const first = await ask(undefined);
  const items = [...first.items];
  for (let next = first.nextCursor; next !== null;) {
    const page = await ask(next);
    items.push(...page.items);
    next = page.nextCursor;
  }
  return { ...first, items, nextCursor: null };
}

const CAN: Readonly<Record<Verdict['installs'], string>> = {
  yes: 'can be installed',
  no: 'can NOT be installed',
  unknown: 'nothing known speaks against installing it',
};
const MARKS = { yes: '+', no: '-', unknown: '?' } as const;

export function checkText({ package: judged, items }: Answer): string {
  return [
    titleOf(judged),
    ...judged.problems.map(({ message }) => `  ! ${message}`),
    ...(items.length === 0 ? ['', 'You have no device here: push a backup of one first.'] : []),
    ...items.flatMap((verdict) => ['', ...verdictLines(verdict)]),
    ...riskLines(items),
  ].join('\n');
}

function verdictLines({ device, installs, checks, facts }: Verdict): string[] {
  const model = device.productType ?? 'model not known';
  const version = device.productVersion === null ? 'iOS not known' : `iOS ${device.productVersion}`;
  const said = device.asOf === null ? 'no backup of yours' : `backup of ${when(device.asOf)}`;
  return [
    `${device.name} (${model}, ${version}; ${said}): ${CAN[installs]}`,
    ...onIt(device),
    ...[...checks]
      .sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
      .map(({ verdict, reason, failure }) => `  ${MARKS[verdict]} ${reason}${failing(failure)}`),
    ...facts.map(({ answer, reason }) => `  ${answer === 'unknown' ? '?' : '·'} ${reason}`),
  ];
}

/** What decides first. */
const ORDER: readonly Verdict['installs'][] = ['no', 'unknown', 'yes'];

function failing(failure: string | null): string {
  return failure === null ? '' : ` The device would say ${failure}.`;
}

function onIt({ installed }: Verdict['device']): string[] {
  if (installed === null) return [];
  const { version, build } = installed;
  const called = version ?? (build === null ? 'a version not known' : `build ${build}`);
  return [`  · On it now: ${called}${installed.offloaded ? ', offloaded' : ''}`];
}

/** Those of all devices together: most are the package's own. */
function riskLines(items: readonly Verdict[]): string[] {
  const risks = new Map(items.flatMap((item) => item.risks.map((risk) => [risk.reason, risk])));
  if (risks.size === 0) return [];
  return [
    '',
    'What only the device or Apple can tell:',
    ...[...risks.values()].flatMap(({ reason, looksLike }) => [
      `  ${reason}`,
      `    It would look like: ${looksLike}.`,
    ]),
  ];
}
