import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { interpolate } from './interpolate.js';
import type { Variables } from './interpolate.js';

/** A service of a compose file, as far as running it or judging it needs. Scalars are text. */
export interface ComposeService {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Names of secrets. */
  readonly secrets?: readonly string[];
  readonly volumes?: readonly ComposeVolume[];
  /** `<folder>:<options>` */
  readonly tmpfs?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test?: unknown; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** A folder or file of the checkout (`./…`), or a named volume, and where the service sees it. */
export interface ComposeVolume {
  readonly source: string;
  readonly target: string;
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/**
 * Reads a compose file as `docker compose config` would, as far as ours goes: merge keys, `${…}` and the short form of volumes.
 * @throws Error when a variable that must be set is not
 */
export async function readComposeFile(path: string, variables: Variables): Promise<ComposeFile> {
  const raw: unknown = parse(await readFile(path, 'utf8'), { merge: true });
  return filled(raw, variables) as ComposeFile;
}

function filled(node: unknown, variables: Variables): unknown {
  if (typeof node === 'string') return interpolate(node, variables);
  if (Array.isArray(node)) return node.map((item) => filled(item, variables));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'volumes' && Array.isArray(value)
        ? value.map((item) => volumeOf(filled(item, variables)))
        : filled(value, variables),
    ]),
  );
}

function volumeOf(volume: unknown): unknown {
  if (typeof volume !== 'string') return volume;
  const [source, target] = volume.split(':');
  return { source, target };
}
