import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort, makeTemporaryFolder } from '@rootcellar/testkit';

/** A provider in a process of its own. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientSecret: string;
  /** Who is known there, with what claims. */
  know(people: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<void>;
}

export async function startOidcProvider(redirectUri: string): Promise<OidcProvider> {
  const folder = await makeTemporaryFolder('rootcellar-oidc');
  const port = await freePort();
  const peopleFile = join(folder.path, 'people.json');
  await writeFile(peopleFile, '{}');
  const script = fileURLToPath(new URL('oidc-provider-process.js', import.meta.url));
  const settings = JSON.stringify({ port, redirectUri, peopleFile });
  const child = fork(script, [settings], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let words = '';
  child.stderr?.on('data', (text: Buffer) => (words += text.toString()));
  const ended = once(child, 'exit');
  const ready = new Promise<void>((resolve, reject) => {
    if (child.stdout === null) return;
    createInterface(child.stdout).on('line', (line) => {
      if (line.startsWith('ready at ')) resolve();
    });
    void ended.then(() => reject(new Error(`The provider ended: ${words}`)));
  });
  await ready;
  return {
    issuer: `http://localhost:${port}`,
    clientSecret: 'a secret of the provider',
    know: async (people) => writeFile(peopleFile, JSON.stringify(people)),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
      await folder.remove();
    },
  };
}
