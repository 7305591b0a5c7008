import type { Command } from 'commander';
import type { Schemas } from '@rootcellar/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { RunCommand } from './command.js';
import { countedList } from './diff-words.js';
import { more, pageQuery, withPage } from './lists.js';
import type { PageOptions } from './lists.js';
import { nameIn } from './names.js';
import { versionOf } from './package-names.js';
import { signalLine } from './signal-text.js';

type Answer = Schemas['SignalPageDto'];

const SIGNALS_SHOWN = 6;

export function withSignals(app: Command, run: RunCommand): void {
  withPage(
    app
      .command('signals <bundle-id>')
      .description('show signs of how an app earns money, version by version, and since when'),
  )
    .addHelpText(
      'after',
      '\nSigns are no proofs. `rootcellar app subscription` says what is so, or takes it back; the rule beforeSubscription goes by that.',
    )
    .action(run(signals));
}

async function signals(context: Context, which: string, options: PageOptions): Promise<ExitCode> {
  const bundleId = nameIn(which, '`rootcellar app list` shows the apps.');
  const service = await context.signedIn('long');
  const query = pageQuery(options);
  const answer = await service.call(async (api, signal) =>
    api.GET('/api/v1/apps/{bundleId}/signals', { params: { path: { bundleId }, query }, signal }),
  );
  context.output.result(answer, signalsText(answer));
  return EXIT.ok;
}

/** What somebody said or might say first; then the versions, each with what it brings. */
export function signalsText(answer: Answer): string {
  const { name, bundleId, items, unread, nextCursor } = answer;
  return [
    `${name}, ${bundleId}`,
    ...saidLines(answer),
    ...items.flatMap((version) => versionLines(version, answer)),
    ...(unread === 0
      ? []
      : [
          '',
          `${String(unread)} versions were not looked into yet; that is done in the background.`,
        ]),
  ]
    .join('\n')
    .concat(more(nextCursor));
}

function saidLines({ subscriptionFrom, suggestion, bundleId, appearances }: Answer): string[] {
  if (subscriptionFrom !== null) {
    return [
      `A subscription is wanted from ${subscriptionFrom} on, as somebody of the household said; \`rootcellar app subscription ${bundleId} --none\` takes it back.`,
    ];
  }
  if (suggestion !== null) return [suggestion.text];
  return [
    appearances.length === 0
      ? 'No sign of in-app purchases or subscriptions in any kept version.'
      : 'Nobody said that it wants a subscription, and no kept version brings first signs of one.',
  ];
}

function versionLines(version: Answer['items'][number], { appearances }: Answer): string[] {
  const title = ['', `${versionOf(version)}:`];
  if (version.signals === null) return [...title, '  not looked into'];
  const here = new Set(appearances.map(({ since }) => since.id));
  const brought = appearances.filter(({ since }) => since.id === version.id);
  const gone = appearances.filter(({ goneWith }) => goneWith?.id === version.id);
  const old = brought.some(({ fromTheStart }) => fromTheStart);
  const unchanged =
    version.signals.length === 0
      ? '  no signs'
      : `  ${String(version.signals.length)} signs, none of them new`;
  return [
    ...title,
    ...(here.has(version.id) || gone.length > 0 ? [] : [unchanged]),
    ...(old ? ['  the oldest kept version: these may be older'] : []),
    ...countedList(
      brought.map((signal) => `  + ${signalLine(signal)}`),
      SIGNALS_SHOWN,
    ),
    ...countedList(
      gone.map((signal) => `  − ${signalLine(signal)}`),
      SIGNALS_SHOWN,
    ),
  ];
}
