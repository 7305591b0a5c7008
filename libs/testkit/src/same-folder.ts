import { lstat, opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Compares two folders as a family would: names, kinds, contents, empty folders, modification times to the nanosecond.
 * @returns the differences in words, at most 20; empty when there are none
 */
export async function differences(one: string, other: string): Promise<string[]> {
  const found: string[] = [];
  for await (const difference of compare(one, other, '')) {
    found.push(difference);
    if (found.length === 20) break;
  }
  return found;
}

async function* compare(one: string, other: string, path: string): AsyncGenerator<string> {
  const name = path === '' ? '.' : path;
  const [a, b] = [await facts(join(one, path)), await facts(join(other, path))];
  if (a === undefined || b === undefined) {
    yield `${name}: missing in ${a === undefined ? one : other}`;
    return;
  }
  if (a.mtimeNs !== b.mtimeNs) yield `${name}: changed at ${a.mtimeNs} and ${b.mtimeNs}`;
  if (a.kind !== b.kind) yield `${name}: ${a.kind} and ${b.kind}`;
  else if (a.kind === 'folder') {
    const names = new Set([...(await list(join(one, path))), ...(await list(join(other, path)))]);
    for (const child of names) yield* compare(one, other, join(path, child));
  } else if (!(await sameContent(join(one, path), join(other, path)))) {
    yield `${name}: contents differ`;
  }
}

async function sameContent(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([readFile(one), readFile(other)]);
  return left.equals(right);
}

async function facts(
  path: string,
): Promise<{ readonly kind: 'file' | 'folder'; readonly mtimeNs: bigint } | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined) return undefined;
  return { kind: found.isDirectory() ? 'folder' : 'file', mtimeNs: found.mtimeNs };
}

async function list(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(path)) names.push(entry.name);
  return names.sort();
}
