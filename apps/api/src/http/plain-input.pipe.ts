import type { PipeTransform } from '@nestjs/common';
import { ArchiveError } from '@rootcellar/model';

/** No request nests deeper, `{policy: {devices: {<id>: {snapshots: …}}}}` is the deepest; whoever walks one walks it by recursion. */
const DEPTH_MAX = 5;

/**
 * What is true of everything a client says, wherever it says it: no text holds a zero byte, which PostgreSQL cannot keep, and nothing is
 * nested deeper than a request is.
 */
export const plainInput: PipeTransform<unknown, unknown> = {
  transform(value: unknown, { type }): unknown {
    // What handlers are given by us, such as the signed-in member.
    if (type !== 'custom') refuseHidden(value, 0);
    return value;
  },
};

function refuseHidden(value: unknown, depth: number): void {
  if (typeof value === 'string' && value.includes('\0'))
    throw new ArchiveError('INPUT_INVALID', 'A text holds a zero byte; nothing was changed.');
  if (typeof value !== 'object' || value === null) return;
  if (depth === DEPTH_MAX)
    throw new ArchiveError('INPUT_INVALID', 'The request is nested too deep; nothing was changed.');
  for (const part of Object.values(value)) refuseHidden(part, depth + 1);
}
