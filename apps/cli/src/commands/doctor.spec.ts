import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../doctor/finding.js';
import { SmallService, refuse } from '../testing/small-service.js';
import { tempFolder } from '../testing/temp-folder.js';
import { run, signIn } from '../testing/try-world.js';

interface Told {
  readonly level: string;
  readonly version: string | null;
  readonly findings: readonly Finding[];
}

const WELL = { id: 'database', level: 'ok', what: 'It answers.', meaning: null, remedy: null };
const ILL = {
  id: 'queue',
  level: 'fail',
  what: 'It is lost.',
  meaning: 'No jobs.',
  remedy: 'Mend it.',
};
const SOON = { ...ILL, id: 'scrub', level: 'warn' };

/** Answers as the service does. */
function report(service: SmallService, ...findings: readonly object[]): void {
  service.intercept = ({ path, response }) => {
    if (!path.endsWith('/maintenance/doctor')) return false;
    const document = { level: 'ok', version: '0.1.0', checkedAt: '', findings };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    return true;
  };
}

function bad(findings: readonly Finding[]): string[] {
  return findings.filter(({ level }) => level !== 'ok').map(({ id, level }) => `${id} ${level}`);
}

describe('admin doctor', () => {
  it('ends with 0 when all is well, here and there', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    report(service, WELL);

    const { exitCode, out } = await run({ configFolder: temp.path }, 'admin', 'doctor');

    expect(exitCode).toBe(0);
    expect(out).toContain('OK    It answers.');
    expect(out).toContain('All is well.');
  });

  it('says what to mend, and ends with 1', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    report(service, WELL, ILL, SOON);

    const { exitCode, out } = await run({ configFolder: temp.path }, 'admin', 'doctor');

    expect(exitCode).toBe(1);
    expect(out).toContain('FAIL  It is lost. (queue)\n      No jobs.\n      → Mend it.');
    expect(out).toContain('1 to mend, 1 to see to.');
  });

  it('ends with 0 when something has only to be seen to', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    report(service, SOON);

    const { exitCode, out } = await run({ configFolder: temp.path }, '--json', 'admin', 'doctor');

    const told = JSON.parse(out) as Told;
    expect(exitCode).toBe(0);
    expect(told).toMatchObject({ level: 'warn', version: '0.1.0' });
    expect(bad(told.findings)).toEqual(['scrub warn']);
  });

  it('examines this computer also when the service does not answer', async () => {
    await using temp = await tempFolder();
    const service = await SmallService.start();
    await signIn(temp.path, service.url);
    await service[Symbol.asyncDispose]();

    const { exitCode, out } = await run({ configFolder: temp.path }, '--json', 'admin', 'doctor');

    const told = JSON.parse(out) as Told;
    expect(exitCode).toBe(75);
    expect(told.findings.map(({ id }) => id)).toContain('agent-node');
    expect(bad(told.findings)).toEqual(['agent-service fail']);
  });

  it('is for administrators', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    service.intercept = ({ response }) => refuse(response, 403, 'FORBIDDEN', 'Only for some.');

    const { exitCode, out } = await run({ configFolder: temp.path }, '--json', 'admin', 'doctor');

    expect(exitCode).toBe(12);
    expect(bad((JSON.parse(out) as Told).findings)).toEqual(['agent-service fail']);
  });

  it('says so when nobody is signed in', async () => {
    await using temp = await tempFolder();

    const { exitCode, out } = await run({ configFolder: temp.path }, 'admin', 'doctor');

    expect(exitCode).toBe(12);
    expect(out).toContain('NOT_SIGNED_IN');
    expect(out).toContain('rootcellar login');
  });

  (process.platform === 'win32' ? it.skip : it)('minds a sign-in others may read', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    await chmod(join(temp.path, 'profiles.json'), 0o644);
    report(service, WELL);

    const { out } = await run({ configFolder: temp.path }, '--json', 'admin', 'doctor');

    expect(bad((JSON.parse(out) as Told).findings)).toEqual(['agent-sign-in-file warn']);
  });

  it('minds that the service is of another release', async () => {
    await using temp = await tempFolder();
    await using service = await SmallService.start();
    await signIn(temp.path, service.url);
    service.intercept = ({ response }) => {
      const document = {
        level: 'ok',
        version: '9.0.0',
        checkedAt: '',
        findings: [],
      };
      response
        .setHeader('content-type', 'application/json')
        .setHeader('date', new Date(Date.now() + 3_600_000).toUTCString())
        .end(JSON.stringify(document));
      return true;
    };

    const { exitCode, out } = await run({ configFolder: temp.path }, '--json', 'admin', 'doctor');

    expect(exitCode).toBe(1);
    expect(bad((JSON.parse(out) as Told).findings)).toEqual([
      'agent-clock fail',
      'agent-version warn',
    ]);
  });
});
