import { utimesSync } from 'node:fs';

/** Sets a file's or folder's modification time, in nanoseconds since 1970. */
export type SetModificationTime = (path: string, mtimeNs: bigint) => void;

/**
 * Node's own `utimes` takes seconds as a floating-point number, which is exact to about 240 ns only. The system call is asked for through
 * koffi where that can be loaded; elsewhere the time is as near as Node gets it. docs/adr/0006.
 */
export async function loadSetModificationTime(
  platform: NodeJS.Platform,
): Promise<SetModificationTime> {
  const exact =
    platform === 'linux' || platform === 'darwin' ? await loadUtimensat(platform) : undefined;
  return exact ?? setNearly;
}

const NS_PER_S = 1_000_000_000n;

function setNearly(path: string, mtimeNs: bigint): void {
  // Node takes a negative number for "now", but not a date before 1970, which is exact to a millisecond.
  const time =
    mtimeNs < 0n
      ? new Date(Number(mtimeNs / 1_000_000n))
      : Number(mtimeNs / NS_PER_S) + Number(mtimeNs % NS_PER_S) / 1e9;
  utimesSync(path, time, time);
}

/** utimensat(2), POSIX.1-2008: `int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)`. */
async function loadUtimensat(
  platform: 'linux' | 'darwin',
): Promise<SetModificationTime | undefined> {
  const AT_FDCWD = platform === 'linux' ? -100 : -2;
  try {
    const { default: koffi } = await import('koffi');
    // Without a name: one of a name can be declared only once in a process.
    const timespec = koffi.struct({ tv_sec: 'int64_t', tv_nsec: 'long' });
    const library = koffi.load(platform === 'linux' ? null : '/usr/lib/libSystem.dylib');
    const utimensat = library.func('utimensat', 'int', [
      'int',
      'str',
      koffi.pointer(timespec),
      'int',
    ]) as (...parameters: unknown[]) => number;
    return (path, mtimeNs) => {
      const seconds = floorDivide(mtimeNs, NS_PER_S);
      const time = { tv_sec: seconds, tv_nsec: Number(mtimeNs - seconds * NS_PER_S) };
      if (utimensat(AT_FDCWD, path, [time, time], 0) !== 0) setNearly(path, mtimeNs);
    };
  } catch {
    // Not installed for this platform: nearly is good enough.
    return undefined;
  }
}

/** Times before 1970 have a negative second and a positive rest. */
function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
