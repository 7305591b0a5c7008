import { ArchiveError, formatBytes } from '@rootcellar/model';

/** What there is no room for; sealed bytes, but for what is needed, which is bytes of files. */
export interface Lack {
  readonly scope: 'household' | 'member';
  readonly usedBytes: number;
  readonly quotaBytes: number;
  /** Other open uploads reserved this. */
  readonly claimedBytes: number;
  readonly neededBytes: number;
  readonly sentBytes: number;
}

export function quotaExceeded(lack: Lack): ArchiveError {
  const { scope, usedBytes, quotaBytes, claimedBytes, neededBytes, sentBytes } = lack;
  const whose = scope === 'member' ? 'Your quota' : "The household's quota";
  const reserved =
    claimedBytes === 0 ? '' : `, and other uploads reserved ${formatBytes(claimedBytes)}`;
  // How much others use is not for every member to know.
  const used = scope === 'member' ? `${formatBytes(usedBytes)} are used${reserved}; ` : '';
  const own = scope === 'member' ? { usedBytes, claimedBytes } : {};
  const sent =
    sentBytes === 0
      ? 'Nothing was sent.'
      : 'What was sent is kept for a day; nothing of it is a snapshot yet.';
  return new ArchiveError(
    'QUOTA_EXCEEDED',
    `${whose} of ${formatBytes(quotaBytes)} has no room: ${used}this needs up to ${formatBytes(neededBytes)}. ${sent}`,
    {
      details: { scope, quotaBytes, neededBytes, sentBytes, ...own },
      hint:
        scope === 'member'
          ? 'Forget snapshots or packages and empty the bin (`rootcellar storage` tells what that frees), or ask an administrator for a larger quota.'
          : 'Somebody has to forget snapshots or packages and empty the bin, or the operator gives the household a larger quota.',
    },
  );
}
