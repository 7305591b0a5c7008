import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A disk of a few MiB in memory, to be filled to its end. */
export interface SmallDisk extends AsyncDisposable {
  /** Where everybody finds it. Resolving the links in it leads elsewhere when the mount is one of a namespace. */
  readonly path: string;
  /** Where a program finds it that is started by the words of `through`. */
  readonly inside: string;
  /** What to put before a command; nothing where the mount is everybody's. */
  readonly through: readonly string[];
}

/**
 * Mounts a small file system. Root does it openly; another user in a mount namespace of its own, which Linux lets everybody have
 * unless it is told otherwise, and reaches it through the process that holds the namespace.
 * @throws Error where neither is allowed, and on other systems than Linux
 */
export async function makeSmallDisk(bytes: number): Promise<SmallDisk> {
  if (process.platform !== 'linux') throw new Error('Small disks are made on Linux only.');
  const place = await mkdtemp(join(tmpdir(), 'rootcellar-disk-'));
  await chmod(place, 0o755);
  const path = join(place, 'disk');
  await mkdir(path);
  const remove = async (): Promise<void> => rm(place, { recursive: true, force: true });
  try {
    const mounted = await (process.getuid?.() === 0 ? mountOpenly : mountApart)(path, bytes);
    return {
      ...{ path: mounted.path, inside: path, through: mounted.through },
      [Symbol.asyncDispose]: async () => {
        await mounted.unmount();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Why a small disk cannot be had on this machine; `undefined` when it can. */
export async function whyNoSmallDisk(): Promise<string | undefined> {
  try {
    await using disk = await makeSmallDisk(1024 * 1024);
    await mkdir(join(disk.path, 'usable'));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : 'for no reason that was told';
  }
}

interface Mounted {
  readonly path: string;
  readonly through: readonly string[];
  unmount(): Promise<void>;
}

async function mountOpenly(path: string, bytes: number): Promise<Mounted> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'tmpfs', path]);
  return {
    ...{ path, through: [] },
    unmount: async () => {
      // Lazily: a process that was just killed may still have its working folder there.
      await run('umount', ['--lazy', path]);
    },
  };
}

async function mountApart(path: string, bytes: number): Promise<Mounted> {
  const script = 'mount -t tmpfs -o size="$1",mode=755 tmpfs "$2" && echo mounted && exec cat';
  const namespace = ['--user', '--map-current-user', '--keep-caps', '--mount'];
  // `cat` ends with its input, so that the disk is gone with us however we end.
  const holder = spawn('unshare', [...namespace, 'sh', '-c', script, 'sh', String(bytes), path], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(holder, 'close');
  let complaint = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const [first] = (await Promise.race([once(holder.stdout, 'data'), ended])) as unknown[];
  if (!Buffer.isBuffer(first)) throw new Error(`No mount namespace: ${complaint}`);
  return {
    path: `/proc/${String(holder.pid)}/root${path}`,
    through: [
      'nsenter',
      '--target',
      String(holder.pid),
      '--user',
      '--mount',
      '--preserve-credentials',
    ],
    unmount: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}
