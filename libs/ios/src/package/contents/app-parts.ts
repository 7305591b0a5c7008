import type { ZipDirectory } from '@rootcellar/zip';
import type { FileStamp } from './package-description.js';

const FRAMEWORK = /^App\/Frameworks\/([^/]+)\.framework\//;
const EXTENSION = /^App\/(?:PlugIns|Extensions)\/([^/]+)\.appex\//;
const LOCALISATION = /^App\/([A-Za-z0-9_-]{1,32})\.lproj\//;
/** A directory holds 200,000 names at most; of these no app has more than some hundred. */
const PARTS_MAX = 1000;

/** Every file by its path, the app's folder called `App`: it may be renamed from one version to the next. */
export function filesOf(directory: ZipDirectory, root: string): ReadonlyMap<string, FileStamp> {
  const files = new Map<string, FileStamp>();
  const parents = parentsIn(directory);
  for (const [name, { bytes, crc32, offset, compressedBytes }] of directory) {
    if (bytes === 0 && parents.has(name)) continue;
    const place = { offset, packedBytes: compressedBytes };
    files.set(plainName(name, root), { bytes, crc32, place });
  }
  return files;
}

export function plainName(name: string, root: string): string {
  return name.startsWith(`${root}/`) ? `App/${name.slice(root.length + 1)}` : name;
}

export interface AppParts {
  readonly frameworks: readonly string[];
  readonly extensions: readonly string[];
  readonly localisations: readonly string[];
}

export function partsOf(files: ReadonlyMap<string, FileStamp>): AppParts {
  const paths = [...files.keys()];
  return {
    frameworks: distinct(paths, FRAMEWORK),
    extensions: distinct(paths, EXTENSION),
    localisations: distinct(paths, LOCALISATION).filter((name) => name !== 'Base'),
  };
}

/** What is the folder of something: an entry for it is no file. Empty folders look like empty files once their slash is gone. */
function parentsIn(directory: ZipDirectory): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const name of directory.keys()) {
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
      const parent = name.slice(0, end);
      if (parents.has(parent)) break;
      parents.add(parent);
    }
  }
  return parents;
}

function distinct(paths: readonly string[], form: RegExp): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const name = form.exec(path)?.[1];
    if (name !== undefined && found.size < PARTS_MAX) found.add(name);
  }
  return [...found].sort();
}
