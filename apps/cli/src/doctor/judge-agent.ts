import { ok, trouble } from './finding.js';
import type { Finding } from './finding.js';

/** As package.json demands. */
const NODE_NEEDED = [24, 7] as const;

/** @param version as `process.versions.node` */
export function judgeNode(version: string): Finding {
  const id = 'agent-node';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needed, neededMinor] = NODE_NEEDED;
  if (major > needed || (major === needed && minor >= neededMinor))
    return ok(id, `This command runs on Node ${version}.`);
  return trouble(id, 'fail', {
    what: `This command runs on Node ${version}.`,
    meaning: `It is made for ${needed}.${neededMinor} and newer; parts of it will fail.`,
    remedy: 'Start it by `npx rootcellar`, which fetches the right one, or install a newer Node.',
  });
}

/** HTTP dates have no parts of a second, and the answer took its time. */
const NOTICEABLE_SECONDS = 10;
const HARMFUL_SECONDS = 300;

/** @param date the `Date` header of an answer that came between `before` and `after` */
export function judgeAgentClock(
  date: string | null,
  { before, after }: { readonly before: Date; readonly after: Date },
): Finding {
  const id = 'agent-clock';
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs))
    return ok(id, 'The service does not tell the time; clocks are not compared.');
  const early = Math.max(0, before.getTime() - (theirs + 1000));
  const late = Math.max(0, theirs - after.getTime());
  const seconds = Math.round(Math.max(early, late) / 1000);
  if (seconds < NOTICEABLE_SECONDS)
    return ok(id, 'The clocks of this computer and the service agree.');
  return trouble(id, seconds < HARMFUL_SECONDS ? 'warn' : 'fail', {
    what: `The clock of this computer is ${seconds} s ${early > 0 ? 'ahead of' : 'behind'} that of the service.`,
    meaning: 'Times of backups come from here: rules by age and day decide by wrong ones.',
    remedy: 'Let NTP set the clocks of both machines.',
  });
}

const OTHERS_MAY = 0o077;

/** @param mode of the file with the sign-ins, as `stat` gives it; undefined when there is none */
export function judgeProfileFile(mode: number | undefined, platform: NodeJS.Platform): Finding {
  const id = 'agent-sign-in-file';
  if (mode === undefined) return ok(id, 'There is no sign-in on this computer yet.');
  // Windows keeps it in the user's own folder; modes say nothing there.
  if (platform === 'win32' || (mode & OTHERS_MAY) === 0)
    return ok(id, 'The file with the sign-ins is private.');
  return trouble(id, 'warn', {
    what: 'Other users of this computer may read the file with the sign-ins.',
    meaning: 'Whoever reads it can do here what you can.',
    remedy: 'chmod 600 it, log out and in again: the old sign-in may be known.',
  });
}

/** @param release the agent's own; @param service what the service says it is */
export function judgeVersions(release: string, service: string): Finding {
  const id = 'agent-version';
  if (release === service) return ok(id, `Command and service are both of release ${release}.`);
  return trouble(id, 'warn', {
    what: `This command is of release ${release}, the service of ${service}.`,
    meaning: 'Most of it works; what only one of them knows does not.',
    remedy: 'Bring the older one up to date.',
  });
}
