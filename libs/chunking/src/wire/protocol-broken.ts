import { ArchiveError } from '@rootcellar/model';
import type { ErrorDetails } from '@rootcellar/model';

/** @param why ends the sentence "A message breaks the protocol: …" */
export function protocolBroken(
  why: string,
  options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
): ArchiveError {
  return new ArchiveError(
    'PROTOCOL_BROKEN',
    `A message breaks the protocol: ${why}. Nothing of it was kept.`,
    { ...options, hint: 'Run the command again; agent and service must be of matching releases.' },
  );
}
