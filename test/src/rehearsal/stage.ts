import { join } from 'node:path';
import { checkoutFile } from '../deployment/checkout-file.js';
import type { ComposeFile, ComposeService } from './compose-file.js';

/** The containers' world on this machine: what a service reads in its settings, and what that is here. */
export interface Stage {
  readonly compose: ComposeFile;
  /** An address of the loopback network that only this service has. */
  address(service: string): string;
  /** Where the folders lie that are mounted into it. */
  folders(service: string): readonly string[];
  /** The words that start it. */
  command(service: string): readonly string[];
  environment(service: string): Readonly<Record<string, string>>;
}

export interface StageSettings {
  readonly compose: ComposeFile;
  /** Volumes and folders in memory come to lie here. */
  readonly room: string;
  readonly secrets: string;
  /** First three bytes of addresses, such as `127.21.4`. */
  readonly network: string;
  /** Services that listen elsewhere: `postgres:5432` → `127.0.0.1:40123`. */
  readonly elsewhere: Readonly<Record<string, string>>;
  /** Settings that are a port which not everybody may open, and another one: `80` → `40124`. */
  readonly ports: Readonly<Record<string, string>>;
  /** Programs under another name or path. */
  readonly programs: Readonly<Record<string, string>>;
}

/** Host names, addresses, paths and those ports are mapped; nothing else is. */
export function makeStage(settings: StageSettings): Stage {
  const { compose, network, ports, programs } = settings;
  const names = Object.keys(compose.services);
  const serviceOf = (name: string): ComposeService => {
    const service = compose.services[name];
    if (service === undefined) throw new Error(`the compose file has no service ${name}`);
    return service;
  };
  const address = (name: string): string => `${network}.${names.indexOf(name) + 10}`;
  const here = (name: string, text: string): string => {
    const folders = mountsOf(name, serviceOf(name), settings);
    // In one go: what is mapped may look like what is yet to be.
    const targets = folders.map(([target]) => target).join('|');
    return text
      .replaceAll(
        new RegExp(`(?<=^|[\\s=])(?:${targets})(?=$|[/\\s])`, 'g'),
        (target) => folders.find(([other]) => other === target)?.[1] ?? target,
      )
      .replaceAll(/(?<![\d.])(?:0\.0\.0\.0|127\.0\.0\.1)(?![\d.])/g, address(name))
      .replaceAll(
        /(?<![\w.-])([a-z][\w-]*):(\d+)\b/g,
        (found: string, host: string, port: string) =>
          names.includes(host) ? (settings.elsewhere[found] ?? `${address(host)}:${port}`) : found,
      );
  };
  return {
    compose,
    address,
    folders: (name) => mountsOf(name, serviceOf(name), settings).map(([, place]) => place),
    command: (name) => {
      const { entrypoint = [], command = [] } = serviceOf(name);
      return [...entrypoint, ...command].map((word) => renamed(here(name, word), programs));
    },
    environment: (name) =>
      Object.fromEntries(
        Object.entries(serviceOf(name).environment ?? {}).map(([variable, value]) => [
          variable,
          ports[value] ?? here(name, value),
        ]),
      ),
  };
}

/** Folders of the checkout stay where they are; the others are the service's own, as the containers' are. */
function mountsOf(
  name: string,
  service: ComposeService,
  { room, secrets }: StageSettings,
): [target: string, place: string][] {
  const { volumes = [], tmpfs = [] } = service;
  return [
    ['/run/secrets', secrets],
    ...volumes.map(({ source, target }): [string, string] => [
      target,
      source.startsWith('./') ? checkoutFile(source.slice(2)) : join(room, 'volumes', source),
    ]),
    ...tmpfs.map((mount): [string, string] => {
      const [target = ''] = mount.split(':');
      return [target, join(room, 'memory', name, target)];
    }),
  ];
}

/** Also where a program is named in the text of a shell. */
function renamed(word: string, programs: StageSettings['programs']): string {
  let text = word;
  for (const [name, other] of Object.entries(programs)) {
    text = text.replaceAll(new RegExp(`(?<=^|\\s)${name}(?=$|\\s)`, 'g'), other);
  }
  return text;
}
