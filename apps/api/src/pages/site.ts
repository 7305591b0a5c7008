import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ArchiveError } from '@rootcellar/model';

/** One form of an asset, as it goes over the wire. */
export interface AssetForm {
  readonly encoding: 'br' | 'gzip' | 'identity';
  readonly bytes: Buffer;
}

export interface Asset {
  readonly type: string;
  /** The smallest first; the plain one is always there, and last. */
  readonly forms: readonly AssetForm[];
}

/** What `apps/web` was built to, in memory: less than two megabytes, and a name that is not among them opens no file. */
export interface Site {
  /** The one document of all pages, with a place for the nonce of each answer. */
  document(nonce: string): string;
  asset(name: string): Asset | undefined;
}

const SITE = new URL('../../../web/dist/site/', import.meta.url);
/** As in apps/web/vite.config.mjs. */
const NONCE_PLACE = 'NONCE_OF_THIS_ANSWER';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** @throws ArchiveError INTERNAL when the pages were not built */
export async function loadSite(): Promise<Site> {
  const template = await readFile(new URL('index.html', SITE), 'utf8').catch((cause: unknown) => {
    throw new ArchiveError('INTERNAL', 'The pages for browsers were not built.', {
      hint: 'Run `npm run build`. Everything but the pages works.',
      cause,
    });
  });
  const assets = await loadAssets();
  return {
    document: (nonce) => template.replaceAll(NONCE_PLACE, nonce),
    asset: (name) => assets.get(name),
  };
}

async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const folder = new URL('assets/', SITE);
  const names = await readdir(fileURLToPath(folder));
  const formOf = async (
    name: string,
    encoding: AssetForm['encoding'],
  ): Promise<AssetForm | undefined> =>
    names.includes(name) ? { encoding, bytes: await readFile(new URL(name, folder)) } : undefined;
  const entries = names
    .filter((name) => TYPES[endingOf(name)] !== undefined)
    .map(async (name): Promise<[string, Asset]> => {
      const forms = await Promise.all([
        formOf(`${name}.br`, 'br'),
        formOf(`${name}.gz`, 'gzip'),
        formOf(name, 'identity'),
      ]);
      const type = TYPES[endingOf(name)] ?? '';
      return [name, { type, forms: forms.filter((form) => form !== undefined) }];
    });
  return new Map(await Promise.all(entries));
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
