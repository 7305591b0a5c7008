import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';

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

  async read(name: string): Promise<StoredProfile | undefined> {
    return (await this.#load()).profiles[name];
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
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return { version: 1, profiles: {} };
      throw error;
    }
    try {
      return JSON.parse(text) as ProfileFile;
    } catch (cause) {
      throw new ArchiveError('INPUT_INVALID', 'The file with the sign-ins is broken.', {
        cause,
        hint: `Remove ${this.#path} and sign in again.`,
      });
    }
  }

  async #save(file: ProfileFile): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const staged = `${this.#path}.${String(process.pid)}`;
    try {
      await writeFile(staged, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
      await chmod(staged, 0o600);
      await rename(staged, this.#path);
    } finally {
      await rm(staged, { force: true });
    }
  }

  get #path(): string {
    return join(this.#folder, 'profiles.json');
  }
}
