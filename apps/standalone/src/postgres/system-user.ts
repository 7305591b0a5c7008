import { readFile, stat } from 'node:fs/promises';
import { errorCode } from '@rootcellar/platform';
import { databaseFailed } from './database-failed.js';
import type { SystemUser } from './run-program.js';

/** Users without rights of their own, the best first. `_postgres` is macOS's. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/**
 * Who PostgreSQL runs as: undefined (we ourselves), unless we are root, whom PostgreSQL refuses. Then the owner of the
 * cluster: user ids differ between systems and images, the files keep theirs. For a cluster that is new, or root's as a
 * copied one may be: the system's user for it.
 * @throws ArchiveError DATABASE_FAILED
 */
export async function postgresUser(folder: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ownerOf(folder);
  if (owner !== undefined && owner.uid !== 0) return owner;

  const users = parsePasswd(await readPasswd());
  for (const name of CANDIDATES) {
    const user = users.get(name);
    if (user !== undefined && user.uid !== 0) return user;
  }
  throw databaseFailed(
    'PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody. Nothing was started.',
    { hint: 'Start Rootcellar as an ordinary user.' },
  );
}

async function ownerOf(folder: string): Promise<SystemUser | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return { uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Images of containers may have none. */
async function readPasswd(): Promise<string> {
  try {
    return await readFile('/etc/passwd', 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** passwd(5): name:password:uid:gid:… */
function parsePasswd(text: string): Map<string, SystemUser> {
  const users = new Map<string, SystemUser>();
  for (const line of text.split('\n')) {
    const [, name, uid, gid] = /^([^:]+):[^:]*:(-?\d{1,10}):(-?\d{1,10}):/.exec(line) ?? [];
    if (name === undefined || users.has(name)) continue;
    users.set(name, { uid: Number(uid) | 0, gid: Number(gid) | 0 });
  }
  return users;
}
