import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import { errorCode, systemErrorCode } from '../error-code.js';

/** What the agent of this computer does; a file a person can read and change. */
export interface AgentConfig {
  readonly version: 1;
  /** Absolute paths. */
  readonly folders: readonly string[];
  readonly backups: boolean;
  /** Which sign-in of this computer it uses. */
  readonly profile: string;
}

const MAX_BYTES = 1_000_000;

export function agentConfigPath(configFolder: string): string {
  return join(configFolder, 'agent.json');
}

/** @throws ArchiveError AGENT_NOT_CONFIGURED, INPUT_INVALID when the file is broken, DATA_UNUSABLE */
export async function readAgentConfig(configFolder: string): Promise<AgentConfig> {
  const path = agentConfigPath(configFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw notConfigured();
    throw unusable(error, configFolder);
  }
  const config = text.length > MAX_BYTES ? undefined : parse(text);
  if (config === undefined) {
    throw new ArchiveError('INPUT_INVALID', 'The file that says what the agent does is broken.', {
      hint: `Mend ${path}, or write it anew with \`rootcellar agent install <folder>\`.`,
    });
  }
  return config;
}

export async function writeAgentConfig(configFolder: string, config: AgentConfig): Promise<void> {
  const path = agentConfigPath(configFolder);
  const staged = `${path}.${String(process.pid)}`;
  try {
    await mkdir(configFolder, { recursive: true, mode: 0o700 });
    await rm(staged, { force: true });
    await writeFile(staged, asText(config), { mode: 0o600, flag: 'wx' });
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true }).catch(() => undefined);
    throw unusable(error, configFolder);
  }
}

export function asText(config: AgentConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

function parse(text: string): AgentConfig | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, folders, backups, profile } = value as Partial<AgentConfig>;
  const whole =
    version === 1 &&
    Array.isArray(folders) &&
    folders.length > 0 &&
    folders.every((one) => typeof one === 'string' && one !== '') &&
    typeof backups === 'boolean' &&
    typeof profile === 'string';
  return whole ? { version, folders, backups, profile } : undefined;
}

function notConfigured(): ArchiveError {
  return new ArchiveError(
    'AGENT_NOT_CONFIGURED',
    'The agent of this computer was not told which folders to watch.',
    { hint: 'Tell it with `rootcellar agent install <folder>`.' },
  );
}

function unusable(error: unknown, folder: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  return new ArchiveError('DATA_UNUSABLE', `The agent's settings cannot be used (${code}).`, {
    cause: error,
    hint: `They lie in ${folder}; ROOTCELLAR_CONFIG names another folder.`,
  });
}
