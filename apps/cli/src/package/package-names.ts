/** Endings of files that hold an app; the one place that lists them. */
const PACKAGE_ENDINGS: readonly string[] = ['.ipa', '.apk', '.apks', '.xapk', '.apkm'];

/** What programs call a file, or put beside it, that they still write: browsers, ipatool, aria2, rsync, wget, curl, … */
const UNFINISHED_ENDINGS: readonly string[] = [
  ...['.crdownload', '.part', '.partial', '.download', '.tmp', '.temp', '.aria2', '.opdownload'],
  ...['.filepart', '.!ut', '.!qb', '.bc!', '.unconfirmed'],
];

/** By its name alone: whether a file is an app package somebody means to keep. */
export function isPackageName(name: string): boolean {
  const lower = name.toLowerCase();
  // Hidden: rsync's and Finder's own, macOS's `._` shadows on foreign disks, and what somebody hides.
  if (lower.startsWith('.') || lower.startsWith('~$')) return false;
  return PACKAGE_ENDINGS.some((ending) => lower.length > ending.length && lower.endsWith(ending));
}

/** Names of files that, lying beside `name`, say that it is still being written: `App.ipa.part`, `App.ipa.tmp`. */
export function unfinishedMarkers(name: string): readonly string[] {
  return UNFINISHED_ENDINGS.map((ending) => `${name}${ending}`);
}
