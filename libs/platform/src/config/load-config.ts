import 'reflect-metadata';
import { resolve } from 'node:path';
import { parseUpkeepWindow } from '@rootcellar/archive';
import type { UpkeepWindow } from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { EnvDto } from './env.dto.js';
import type { LogLevel } from './env.dto.js';
import { serversConfig } from './servers-config.js';
import { providerConfig, trustedProxies } from './sign-in-config.js';
import type { ProviderConfig } from './sign-in-config.js';
import type { ServersConfig } from './servers-config.js';

/** The settings, parsed and frozen; rooms get only their slice. */
export interface Config {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  /** Scheme, host and port as browsers see them, without a path; `undefined`: whatever a request came to. */
  readonly publicUrl: string | undefined;
  /** How many in a row, or which; `undefined`: none. */
  readonly trustedProxies: number | readonly string[] | undefined;
  /** `undefined`: nobody but this service signs people in. */
  readonly provider: ProviderConfig | undefined;
  readonly masterKeyFile: string | undefined;
  readonly logLevel: LogLevel;
  /** `undefined`: one per core. */
  readonly threads: number | undefined;
  readonly setupTokenFile: string | undefined;
  /** `undefined`: one below the system's. */
  readonly scratchFolder: string | undefined;
  readonly workerConcurrency: number;
  readonly drainSeconds: number;
  readonly servers: ServersConfig;
  /** `undefined`: none. */
  readonly monitoring: { readonly port: number; readonly host: string } | undefined;
  readonly upkeep: { readonly window: UpkeepWindow; readonly graceSeconds: number };
}

/**
 * @param env the process's environment; names that are not ours are ignored, but a misspelt `ROOTCELLAR_…` is refused
 * @throws ArchiveError CONFIG_INVALID naming the settings and their rules, never their values
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const ours = Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => name.startsWith('ROOTCELLAR_') && !AGENT_ONLY.has(name) && value !== '',
    ),
  );
  const dto = plainToInstance(EnvDto, ours, { exposeDefaultValues: true });
  const errors = validateSync(dto, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) {
    const rules = errors.map(
      (error) => `${error.property}: ${Object.values(error.constraints ?? {}).join('; ')}`,
    );
    throw new ArchiveError(
      'CONFIG_INVALID',
      `The environment has settings that cannot be: ${rules.join(' · ')}`,
      {
        details: { settings: errors.map((error) => error.property) },
        hint: 'See .env.example for every setting.',
      },
    );
  }
  return Object.freeze({
    dataFolder: resolve(dto.ROOTCELLAR_DATA),
    host: dto.ROOTCELLAR_HOST,
    port: dto.ROOTCELLAR_PORT,
    publicUrl: originOf(dto.ROOTCELLAR_PUBLIC_URL),
    trustedProxies: trustedProxies(dto),
    provider: providerConfig(dto),
    masterKeyFile: dto.ROOTCELLAR_MASTER_KEY_FILE,
    logLevel: dto.ROOTCELLAR_LOG_LEVEL,
    threads: dto.ROOTCELLAR_THREADS === 0 ? undefined : dto.ROOTCELLAR_THREADS,
    setupTokenFile: dto.ROOTCELLAR_SETUP_TOKEN_FILE,
    scratchFolder: dto.ROOTCELLAR_SCRATCH,
    workerConcurrency: dto.ROOTCELLAR_WORKER_CONCURRENCY,
    drainSeconds: dto.ROOTCELLAR_DRAIN_SECONDS,
    servers: serversConfig(dto),
    monitoring:
      dto.ROOTCELLAR_MONITORING_PORT === 0
        ? undefined
        : { port: dto.ROOTCELLAR_MONITORING_PORT, host: dto.ROOTCELLAR_MONITORING_HOST },
    upkeep: {
      window: parseUpkeepWindow(dto.ROOTCELLAR_UPKEEP_WINDOW),
      graceSeconds: dto.ROOTCELLAR_COLLECTION_GRACE_HOURS * 3600,
    },
  });
}

/** Settings of the `rootcellar` command, which may stand in the same environment. */
const AGENT_ONLY = new Set(['ROOTCELLAR_CONFIG', 'ROOTCELLAR_SERVER', 'ROOTCELLAR_PROFILE']);

function originOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).origin;
}
