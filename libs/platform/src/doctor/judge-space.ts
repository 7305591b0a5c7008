import { formatBytes } from '@rootcellar/model';
import { fail, ok, warn } from './finding.js';
import type { Finding } from './finding.js';

/** A disk the service writes to. */
export interface Disk {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

const GIB = 1024 ** 3;
const LITTLE_BYTES = 10 * GIB;
const LITTLE_PART = 0.05;
const NEARLY_NONE_BYTES = GIB;

/** @param whose as in "the disk of the objects" */
export function judgeSpace(id: string, whose: string, disk: Disk): Finding {
  const { freeBytes, totalBytes } = disk;
  const what = `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} are free on the disk of the ${whose}.`;
  const little = freeBytes < Math.min(LITTLE_BYTES, totalBytes / 2);
  if (!little && freeBytes >= totalBytes * LITTLE_PART) return ok(id, what);
  const trouble = {
    what,
    meaning: 'When it is full, pushes are refused (STORAGE_FULL); reading goes on.',
    remedy:
      'Set a retention policy or a budget, run `rootcellar admin gc`, or give it a larger disk.',
  };
  return freeBytes < NEARLY_NONE_BYTES ? fail(id, trouble) : warn(id, trouble);
}
