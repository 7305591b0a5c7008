import { ArchiveError } from '@rootcellar/model';
import type { ZipDirectory } from '@rootcellar/zip';

/** Where the parts of an app lie in its package. */
export interface AppLayout {
  /** `Payload/<name>.app` */
  readonly root: string;
  /** FairPlay's rights of the buyer are inside: `SC_Info/*.sinf`. */
  readonly hasSinf: boolean;
  readonly hasMetadata: boolean;
  /** The entry with the store's picture of the app, beside `Payload` or inside of the app. */
  readonly artwork: string | undefined;
  /** App extensions: `PlugIns/*.appex`. */
  readonly extensions: number;
  readonly frameworks: number;
  readonly hasWatchApp: boolean;
}

/** The store's own description of the app, beside `Payload`. */
export const METADATA_ENTRY = 'iTunesMetadata.plist';

const MAIN_INFO_PLIST = /^(Payload\/[^/]+\.app)\/Info\.plist$/;
const ARTWORK = /^iTunesArtwork(@2x)?(\.(png|jpe?g))?$/i;
const SINF = /^SC_Info\/[^/]+\.sinf$/;
const EXTENSION = /^(PlugIns|Extensions)\/[^/]+\.appex(?=\/|$)/;
const FRAMEWORK = /^Frameworks\/[^/]+\.framework(?=\/|$)/;
const WATCH_APP = /^(Watch|PlugIns\/[^/]+\.appex)\/[^/]+\.app(\/|$)/;

/**
 * Finds the one app of a package: its Info.plist lies exactly one folder below `Payload`. Watch apps and extensions
 * lie deeper, copies of macOS' own files elsewhere (`__MACOSX`).
 *
 * @throws ArchiveError PACKAGE_NO_APP, PACKAGE_SEVERAL_APPS
 */
export function findApp(directory: ZipDirectory): AppLayout {
  const names = [...directory.keys()];
  const roots = names.flatMap((name) => MAIN_INFO_PLIST.exec(name)?.[1] ?? []);
  const [root] = roots;
  if (root === undefined) {
    throw new ArchiveError(
      'PACKAGE_NO_APP',
      'There is no Payload/<name>.app/Info.plist in the zip, so it is no app package. Nothing was kept of it.',
    );
  }
  if (roots.length > 1) {
    throw new ArchiveError(
      'PACKAGE_SEVERAL_APPS',
      'The zip holds several apps side by side; a package holds one. Nothing was kept of it.',
      { details: { apps: roots.length }, hint: 'Add each app as a package of its own.' },
    );
  }
  const inside = names
    .filter((name) => name.startsWith(`${root}/`))
    .map((name) => name.slice(root.length + 1));
  const besides = names.find((name) => ARTWORK.test(name));
  const within = inside.find((name) => ARTWORK.test(name));
  return {
    root,
    hasSinf: inside.some((name) => SINF.test(name)),
    hasMetadata: directory.has(METADATA_ENTRY),
    artwork: besides ?? (within === undefined ? undefined : `${root}/${within}`),
    extensions: countDistinct(inside, EXTENSION),
    frameworks: countDistinct(inside, FRAMEWORK),
    hasWatchApp: inside.some((name) => WATCH_APP.test(name)),
  };
}

function countDistinct(names: readonly string[], form: RegExp): number {
  return new Set(names.flatMap((name) => form.exec(name)?.[0] ?? [])).size;
}
