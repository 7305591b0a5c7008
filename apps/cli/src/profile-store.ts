import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import { errorCode, systemErrorCode } from './error-code.js';

/** A sign-in of this computer. */
export interface StoredProfile {
  readonly server: string;
  readonly token: string;
  readonly memberId: string;
  readonly householdId: string;
}

interface ProfileFile {
  readonly version: 1;
  readonly profiles: Readonly<Record<string, StoredProfile>>;
}

/** Where sign-ins and the push memory are kept: `ROOTCELLAR_CONFIG`, else the platform's place for settings. */
export function configFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const own = env['ROOTCELLAR_CONFIG'];
  if (own !== undefined && own !== '') return own;
  if (platform === 'win32')
    return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Rootcellar');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Rootcellar');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'rootcellar');
}

/** The file with the tokens, mode 0600, replaced as a whole. */
export class ProfileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws ArchiveError INPUT_INVALID, DATA_UNUSABLE */
  async read(name: string): Promise<StoredProfile | undefined> {
    const { profiles } = await this.#load();
    return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  }

  async write(name: string, profile: StoredProfile): Promise<void> {
    const { profiles } = await this.#load();
    await this.#save({ version: 1, profiles: { ...profiles, [name]: profile } });
  }

  async remove(name: string): Promise<void> {
    const { profiles } = await this.#load();
    await this.#save({
      version: 1,
      profiles: Object.fromEntries(Object.entries(profiles).filter(([key]) => key !== name)),
    });
  }

  async #load(): Promise<ProfileFile> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { version: 1, profiles: {} };
      throw unusable(error, 'read', this.#folder);
    }
    const file = parse(text);
    if (file === undefined) {
      throw new ArchiveError('INPUT_INVALID', 'The file with the sign-ins is broken.', {
        hint: `Remove ${this.#path} and sign in again.`,
      });
    }
    return file;
  }

  async #save(file: ProfileFile): Promise<void> {
    const staged = `${this.#path}.${String(process.pid)}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      // Not through a file that lies there already: it may be open to others, or a link.
      await rm(staged, { force: true });
      await writeFile(staged, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      await rename(staged, this.#path);
    } catch (error) {
      await rm(staged, { force: true }).catch(() => undefined);
      throw unusable(error, 'written', this.#folder);
    }
  }

  get #path(): string {
    return join(this.#folder, 'profiles.json');
  }
}

/** `undefined` for what no release of ours wrote. */
function parse(text: string): ProfileFile | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(file) || file['version'] !== 1 || !isObject(file['profiles'])) return undefined;
  const profiles = Object.values(file['profiles']);
  return profiles.every(isProfile) ? (file as unknown as ProfileFile) : undefined;
}

function isProfile(value: unknown): boolean {
  if (!isObject(value) || typeof value['server'] !== 'string') return false;
  return (
    URL.canParse(value['server']) &&
    ['token', 'memberId', 'householdId'].every((name) => typeof value[name] === 'string')
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(error: unknown, what: 'read' | 'written', folder: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  return new ArchiveError(
    'DATA_UNUSABLE',
    `The folder with the settings cannot be ${what} (${code}).`,
    { cause: error, hint: `It is ${folder}; ROOTCELLAR_CONFIG names another one.` },
  );
}
