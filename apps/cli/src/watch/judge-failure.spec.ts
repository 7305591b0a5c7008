import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { judgeFailure, pauseAfter } from './judge-failure.js';

describe('what a failure means for a file', () => {
  it.each<[string, readonly ErrorCode[]]>([
    [
      'service',
      [
        ...(['SERVER_UNREACHABLE', 'SERVER_BUSY', 'NOT_SIGNED_IN', 'SCOPE_TOO_NARROW'] as const),
        ...(['MEMBER_LEAVING', 'STORAGE_FULL', 'RATE_LIMITED', 'PROTOCOL_BROKEN'] as const),
      ],
    ],
    ['later', ['PACKAGE_CHANGING', 'PUSH_RUNNING', 'QUOTA_EXCEEDED', 'INTERNAL', 'CHUNK_UNKNOWN']],
    ['unfinished', ['PACKAGE_NOT_ZIP', 'BACKUP_NOT_FINISHED']],
    ['refused', ['PACKAGE_NO_APP', 'PACKAGE_TOO_LARGE', 'PLIST_INVALID', 'DEVICE_OF_ANOTHER']],
  ])('is %s', (verdict, codes) => {
    for (const code of codes)
      expect([code, judgeFailure(new ArchiveError(code, ''))]).toEqual([code, verdict]);
  });
});

describe('the pause after a failure', () => {
  it('grows, and not for ever', () => {
    const pauses = [0, 1, 2, 10, 1e9].map((n) => pauseAfter(n, { firstMs: 5, mostMs: 100 }));

    expect(pauses).toEqual([5, 10, 20, 100, 100]);
  });
});
