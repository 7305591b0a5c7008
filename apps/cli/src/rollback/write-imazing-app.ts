import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { readAppInfoPlist, readerOfFile } from '@rootcellar/ios';
import { ZipFile } from 'yazl';
import { originalName } from '../restore/local-path.js';
import { nameInImazingApp } from './kit-names.js';
import { walkFiles } from './walk-files.js';

export interface ImazingAppRequest {
  /** The package the data is for: its Info.plist goes in. */
  readonly packagePath: string;
  /** A kit's data: `<domain>/<path>`. */
  readonly dataFolder: string;
  readonly target: string;
  readonly platform: NodeJS.Platform;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/** What yazl gives is a stream of Node's, of which its types say less. */
type Destroyable = AsyncIterable<Buffer> & { destroy(error?: Error): unknown };

/**
 * Writes an app's data as a zip of the form iMazing's `.imazingapp` has. One file at a time goes through it, whatever its size; zip64 where it is
 * needed. @returns how many files have no place in one
 */
export async function writeImazingApp(request: ImazingAppRequest): Promise<number> {
  const zip = new ZipFile();
  const output = zip.outputStream as unknown as Destroyable;
  zip.on('error', (error: Error) => output.destroy(error));
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const bytes of source) {
      request.onBytes(bytes.length);
      yield bytes;
    }
  };
  const file = createWriteStream(request.target, { flags: 'wx', flush: true });
  const written = pipeline(output, counted, file, { signal: request.signal });
  const filled = fill(zip, request).catch((error: unknown) => {
    output.destroy(error instanceof Error ? error : new Error('the zip could not be filled'));
    throw error;
  });
  const [left] = await Promise.allSettled([filled, written]);
  if (left.status === 'rejected') throw left.reason;
  await written;
  return left.value;
}

async function fill(
  zip: ZipFile,
  { packagePath, dataFolder, platform, signal }: ImazingAppRequest,
): Promise<number> {
  const info = await appInfo(packagePath);
  zip.addBuffer(Buffer.from(info.bytes), info.name);
  let left = 0;
  for await (const { path, absolute, isFolder, empty } of walkFiles(dataFolder)) {
    signal.throwIfAborted();
    if (isFolder && !empty) continue;
    const [domain = '', ...parts] = path.split('/').map((part) => originalName(part, platform));
    const name = parts.length === 0 ? undefined : nameInImazingApp(domain, parts.join('/'));
    if (name === undefined) left += isFolder ? 0 : 1;
    else if (isFolder) zip.addEmptyDirectory(name);
    else zip.addFile(absolute, name);
  }
  zip.end();
  return left;
}

async function appInfo(
  packagePath: string,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  await using file = await open(packagePath);
  return await readAppInfoPlist(readerOfFile(file), { size: (await file.stat()).size });
}
