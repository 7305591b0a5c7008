// Part of `npm run check`: known weaknesses in what the service is made of. Serious ones fail, unless accepted-advisories.json says why not.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemClock } from '@rootcellar/model';
import { checkoutFile } from '../deployment/checkout-file.js';
import { judgeAudit } from './judge-audit.js';
import type { Accepted, AuditReport } from './judge-audit.js';

const PATIENCE_MS = 60_000;

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: checkoutFile(),
  encoding: 'utf8',
  timeout: PATIENCE_MS,
  shell: process.platform === 'win32',
});
const accepted = JSON.parse(
  readFileSync(checkoutFile('test', 'accepted-advisories.json'), 'utf8'),
) as Accepted[];
const today = systemClock.now().toISOString().slice(0, 10);
const complaints = judgeAudit(reportIn(stdout), accepted, today);
if (complaints === undefined)
  say('note: the npm registry gave no audit report; dependencies were not looked at');
else if (complaints.length > 0) {
  say(complaints.join('\n'));
  say('Update the package; else say in test/accepted-advisories.json why it does no harm.');
  process.exitCode = 1;
}

/** Without the network there is no report, or one of the error. */
function reportIn(text: string | null): AuditReport {
  try {
    return JSON.parse(text ?? '') as AuditReport;
  } catch {
    return {};
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
