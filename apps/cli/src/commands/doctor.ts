import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schemas } from '@rootcellar/client';
import { isArchiveError } from '@rootcellar/model';
import type { Context } from '../context.js';
import { ok, trouble } from '../doctor/finding.js';
import type { Finding } from '../doctor/finding.js';
import {
  judgeAgentClock,
  judgeNode,
  judgeProfileFile,
  judgeVersions,
} from '../doctor/judge-agent.js';
import { EXIT, exitCodeOf } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { toArchiveError } from '../service-error.js';

/** Checks this computer and the service. Warnings end with 0; what fails with 1, or with the code of why the service could not be asked. */
export async function doctor(context: Context): Promise<ExitCode> {
  const { world } = context;
  const here = [
    judgeNode(process.versions.node),
    judgeProfileFile(await profileMode(context), world.platform),
  ];
  const { there, unanswered, version } = await examineService(context);
  const findings = [...here, ...there];
  const level = worstOf(findings);
  context.output.result(
    { level, version, traceId: context.traceId, findings },
    [...findings.map(textOf), summaryOf(findings)].join('\n'),
  );
  if (unanswered !== undefined) return unanswered;
  return level === 'fail' ? EXIT.failed : EXIT.ok;
}

interface ServiceExamination {
  readonly there: readonly Finding[];
  /** Of the service; null when it did not say. */
  readonly version: string | null;
  /** Why the service could not be asked. */
  readonly unanswered: ExitCode | undefined;
}

async function examineService(context: Context): Promise<ServiceExamination> {
  const { clock, signal } = context.world;
  const before = clock.now();
  let date: string | null = null;
  let report: Schemas['DoctorDto'];
  try {
    const service = await context.signedIn();
    report = await service.call(async (api, aborted) => {
      const answered = await api.GET('/api/v1/maintenance/doctor', { signal: aborted });
      date = answered.response.headers.get('date');
      return answered;
    });
  } catch (thrown) {
    const error = toArchiveError(thrown, signal);
    if (!isArchiveError(error) || error.code === 'INTERRUPTED') throw error;
    const finding = trouble('agent-service', 'fail', {
      what: `${error.message} [${error.code}]`,
      meaning: 'The service could not be examined, or only an administrator may ask it to.',
      remedy: error.hint ?? 'See docs/errors.md for the code.',
    });
    return { there: [finding], version: null, unanswered: exitCodeOf(error) };
  }
  const there = [
    ok('agent-service', `The service at ${(await context.profile()).server} answers.`),
    judgeAgentClock(date, { before, after: clock.now() }),
    judgeVersions(await ownRelease(), report.version),
    ...report.findings,
  ];
  return { there, version: report.version, unanswered: undefined };
}

async function profileMode(context: Context): Promise<number | undefined> {
  const facts = await stat(join(context.configFolder, 'profiles.json')).catch(() => undefined);
  return facts?.mode;
}

async function ownRelease(): Promise<string> {
  const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { readonly version: string }).version;
}

const LEVELS = ['ok', 'warn', 'fail'] as const;

function worstOf(findings: readonly Finding[]): Finding['level'] {
  return LEVELS[Math.max(0, ...findings.map(({ level }) => LEVELS.indexOf(level)))] ?? 'ok';
}

function textOf({ id, level, what, meaning, remedy }: Finding): string {
  const first = `${level.toUpperCase().padEnd(4)}  ${what}`;
  if (level === 'ok') return first;
  return [`${first} (${id})`, `      ${meaning ?? ''}`, `      → ${remedy ?? ''}`].join('\n');
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (level: Finding['level']): number =>
    findings.filter((one) => one.level === level).length;
  const [warnings, failures] = [count('warn'), count('fail')];
  if (warnings + failures === 0) return '\nAll is well.';
  return `\n${failures} to mend, ${warnings} to see to.`;
}
