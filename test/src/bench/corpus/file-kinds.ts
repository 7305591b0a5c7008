/**
 * What a payload is like. The kind is the end of its path (`…/12.plist`, `…/IMG_00012.HEIC`), so that a
 * later day can read it back from the manifest.
 */
export type FileKind = 'database' | 'plist' | 'json' | 'blob' | 'smallDatabase' | 'cache' | 'photo';

const EXTENSION = {
  database: 'sqlite',
  plist: 'plist',
  json: 'json',
  blob: 'blob',
  smallDatabase: 'sdb',
  cache: 'cache',
  photo: 'HEIC',
} as const satisfies Record<FileKind, string>;

const KIND_BY_EXTENSION = new Map<string, FileKind>(
  (Object.keys(EXTENSION) as FileKind[]).map((kind) => [EXTENSION[kind], kind]),
);

export function extensionOf(kind: FileKind): string {
  return EXTENSION[kind];
}

export function kindOf(relativePath: string): FileKind | undefined {
  return KIND_BY_EXTENSION.get(relativePath.slice(relativePath.lastIndexOf('.') + 1));
}
