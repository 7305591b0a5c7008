import {
  chmod,
  constants,
  cp,
  lstat,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
} from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from '@rootcellar/platform';
import { completePrograms } from './symlinks.js';

const FOR_OTHERS_TO_WRITE = 0o022;
const FOR_OTHERS_TO_ENTER = 0o001;
const STICKY = 0o1000;

/**
 * A copy of the folder `native` (60 MB) below `place`, for when the original cannot be used: as root its user may be unable
 * to reach it, as anybody the missing links may be impossible to make. Made once, and looked over each time, since whoever
 * could change it would have us run their program. Undefined when `place` is not safe or somebody sits on the name.
 */
export async function copyPrograms(
  native: string,
  place: string,
  name: string,
): Promise<string | undefined> {
  const us = process.getuid?.() ?? 0;
  const real = await realPlace(place, us);
  if (real === undefined) return undefined;
  const copy = join(real, `${name}-${us}`);
  if (await isSound(native, copy, us)) return copy;

  const staging = await mkdtemp(`${copy}.`);
  try {
    await cp(native, staging, {
      recursive: true,
      force: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
    await completePrograms(staging);
    await openForReading(staging, us);
    await putInPlace(staging, copy, () => isSound(native, copy, us));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return (await isSound(native, copy, us)) ? copy : undefined;
}

/** Unless another process was quicker. What is there and no good is moved away, which works for what is ours alone. */
async function putInPlace(
  staging: string,
  copy: string,
  isGood: () => Promise<boolean>,
): Promise<void> {
  if (await movedTo(staging, copy)) return;
  if (await isGood()) return;
  const old = `${staging}.old`;
  if ((await isOurs(copy)) && (await movedTo(copy, old))) await movedTo(staging, copy);
  await rm(old, { recursive: true, force: true });
}

async function movedTo(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const inTheWay = ['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EPERM', 'EACCES', 'ENOENT'];
    if (inTheWay.includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/**
 * The real path, if neither it nor a folder above it lets another user than root and us put something in our way, nor keeps
 * everybody out.
 */
async function realPlace(place: string, us: number): Promise<string | undefined> {
  try {
    const real = await realpath(place);
    for (let folder = real; ; folder = dirname(folder)) {
      const { uid, mode } = await lstat(folder);
      if (uid !== 0 && uid !== us) return undefined;
      if ((mode & FOR_OTHERS_TO_WRITE) !== 0 && (mode & STICKY) === 0) return undefined;
      if (us === 0 && (mode & FOR_OTHERS_TO_ENTER) === 0) return undefined;
      if (folder === dirname(folder)) return real;
    }
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Whatever the umask was: readable for PostgreSQL's user, writable for us alone. */
async function openForReading(folder: string, us: number): Promise<void> {
  for (const path of ['', ...(await readdir(folder, { recursive: true }))]) {
    const entry = await lstat(join(folder, path));
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || (entry.mode & 0o100) !== 0;
    await chmod(join(folder, path), (executable ? 0o755 : 0o644) | keepSticky(entry, us));
  }
}

/** systemd-tmpfiles removes old files of /tmp unless they are sticky; to the kernel the bit of a file means nothing. */
function keepSticky(entry: Stats, us: number): number {
  return process.platform === 'linux' && us === 0 && entry.isFile() ? STICKY : 0;
}

async function isOurs(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).uid === (process.getuid?.() ?? 0);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Every file of the original is there in its size, and nobody but us could have written any of it. */
async function isSound(native: string, copy: string, us: number): Promise<boolean> {
  try {
    for (const path of ['', ...(await readdir(native, { recursive: true }))]) {
      const original = await lstat(join(native, path));
      if (original.isSymbolicLink()) continue;
      const { uid, mode, size } = await lstat(join(copy, path));
      if (uid !== us || (mode & FOR_OTHERS_TO_WRITE) !== 0) return false;
      if (original.isFile() && size !== original.size) return false;
    }
    return await completePrograms(copy);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}
