import { statfs } from 'node:fs/promises';

// Linux: the magic numbers of statfs(2).
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB (CIFS)'],
  [0xfe534d42, 'SMB (CIFS)'],
  [0x01021997, '9P, a folder of another system'],
]);

/** The network file system a folder lies on; undefined when it is none or this system does not tell. */
export async function networkFileSystem(folder: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const { type } = await statfs(folder);
  return NETWORK.get(type);
}
