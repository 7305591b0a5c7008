import { realpath } from 'node:fs/promises';
import { SlabPool } from '@rootcellar/chunking';
import { findBackupFolder, inspectBackupFolder } from '@rootcellar/ios';
import type { BackupFacts } from '@rootcellar/ios';
import type { Schemas } from '@rootcellar/client';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, UploadId } from '@rootcellar/model';
import { SLAB_BYTES } from '../crew/batch.js';
import { Crew } from '../crew/crew.js';
import type { Service } from '../service.js';
import type { Progress } from '../terminal/progress.js';
import { Backlog } from './backlog.js';
import { ChunkShipper } from './chunk-shipper.js';
import { commitBackup } from './commit-backup.js';
import { memoryFailure } from './memory-failure.js';
import { PushMemory } from './push-memory.js';
import { readFailure } from './read-failure.js';
import { recheckKnown } from './recheck-known.js';
import { assertUnchanged, scanBackup } from './scan-backup.js';
import { sendUnread } from './send-unread.js';

export interface PushRequest {
  readonly folder: string;
  /** Keep a backup with missing or damaged files; it is marked so. */
  readonly acceptIncomplete: boolean;
  /** Whose a new device is: a member's id or `household`; the sender's without it. */
  readonly owner?: string | undefined;
}

export interface PushParts {
  readonly service: Service;
  readonly memoryFolder: string;
  /** What tells this sign-in from others. */
  readonly account: readonly string[];
  readonly progress: Progress;
  readonly clock: Clock;
  /** Hears how full the quota is that is fuller, before anything is sent. */
  readonly onQuota?: (quota: Schemas['QuotaStateDto']) => void;
  readonly signal: AbortSignal;
}

export interface PushResult {
  readonly snapshotId: string;
  readonly deviceId: string;
  readonly files: number;
  readonly logicalBytes: number;
  readonly sentBytes: number;
  readonly newBytes: number;
  readonly reusedBytes: number;
  readonly complete: boolean;
  readonly missingFiles: number;
  readonly damagedFiles: number;
  readonly seconds: number;
}

/** Batches of up to 15 MiB that are read, sent or waited for at a time. */
const BATCHES_UNDERWAY = 5;

/** Makes a snapshot of a backup folder: reads what changed, sends what the vault lacks, commits. */
export async function pushBackup(parts: PushParts, request: PushRequest): Promise<PushResult> {
  try {
    return await push(parts, request);
  } catch (error) {
    throw memoryFailure(readFailure(error));
  }
}

async function push(parts: PushParts, request: PushRequest): Promise<PushResult> {
  const startedAt = parts.clock.monotonicMs();
  // The folder that is given may be a link: many keep their backups on another disk. In it there may be none.
  const folder = await realpath(await findBackupFolder(request.folder));
  const { facts, manifestReadable } = await inspectBackupFolder(folder, request);
  using memory = PushMemory.open(parts.memoryFolder, [...parts.account, facts.udid]);
  const crew = new Crew();
  try {
    if (memory.isEmpty) crew.warmUp();
    const scan = await scanBackup({ folder, manifestReadable, memory, signal: parts.signal });
    if (scan.missingFiles > 0 && !request.acceptIncomplete)
      throw incomplete(scan.missingFiles, scan.firstMissing);

    parts.progress.expect(scan);
    const { uploadId, seed } = await openUpload(parts, memory, {
      ...{ facts, owner: request.owner, logicalBytes: scan.bytes },
    });
    const shipper = new ChunkShipper(parts.service, crew, uploadId);
    const sending = {
      ...{ folder, memory, crew, shipper, seed, signal: parts.signal },
      backlog: new Backlog(),
      slabs: new SlabPool(SLAB_BYTES, BATCHES_UNDERWAY),
      onSent: (bytes: number) => parts.progress.add({ files: 0, bytes }),
      onFiles: (files: number) => parts.progress.add({ files, bytes: 0 }),
    };
    await recheckKnown(sending);
    const committed = await commitBackup(parts.service, uploadId, memory, {
      missingFiles: scan.missingFiles,
      send: async () => {
        await sendUnread(sending);
        assertUnchanged(folder, memory);
        refuseDamage(memory.damagedFiles(), request.acceptIncomplete);
      },
    });
    const damagedFiles = memory.damagedFiles();
    memory.finish();
    const { sentBytes, newBytes } = shipper.shipped;
    return {
      snapshotId: committed.snapshotId,
      deviceId: committed.deviceId,
      files: committed.files,
      logicalBytes: committed.logicalBytes,
      sentBytes,
      newBytes,
      reusedBytes: Math.max(0, committed.logicalBytes - newBytes),
      complete: facts.finished && scan.missingFiles === 0 && damagedFiles === 0,
      missingFiles: scan.missingFiles,
      damagedFiles,
      seconds: Math.round(parts.clock.monotonicMs() - startedAt) / 1000,
    };
  } finally {
    await crew.close();
  }
}

async function openUpload(
  { service, onQuota }: Pick<PushParts, 'service' | 'onQuota'>,
  memory: PushMemory,
  {
    facts,
    owner,
    logicalBytes,
  }: {
    readonly facts: BackupFacts;
    readonly owner: string | undefined;
    readonly logicalBytes: number;
  },
): Promise<{ uploadId: UploadId; seed: Uint8Array }> {
  const resume = memory.openUpload;
  const opened = await service.call(async (api, signal) =>
    api.POST('/api/v1/uploads', {
      signal,
      body: {
        kind: 'snapshot',
        udid: facts.udid,
        deviceName: facts.deviceName,
        ...(owner === undefined ? {} : { owner }),
        logicalBytes,
        ...(resume === undefined ? {} : { resume }),
      },
    }),
  );
  if (opened.uploadId === null || opened.gearSeed === null) {
    throw new ArchiveError('PROTOCOL_BROKEN', 'The service opened no upload.');
  }
  const uploadId = opened.uploadId as UploadId;
  memory.noteUpload(uploadId);
  if (opened.quota !== null) onQuota?.(opened.quota);
  return { uploadId, seed: Buffer.from(opened.gearSeed, 'base64') };
}

function incomplete(missing: number, first: readonly string[]): ArchiveError {
  const shown = first.slice(0, 5).join(', ');
  return new ArchiveError(
    'BACKUP_INCOMPLETE',
    `${String(missing)} ${missing === 1 ? 'file' : 'files'} that Manifest.db lists ${missing === 1 ? 'is' : 'are'} missing from the folder (${shown}${missing > 5 ? ' …' : ''}). Nothing was sent.`,
    {
      details: { missing, first: first.slice(0, 10) },
      hint: 'Let the device make the backup again; `--accept-incomplete` keeps it as it is, marked incomplete.',
    },
  );
}

function refuseDamage(damaged: number, accept: boolean): void {
  if (damaged === 0 || accept) return;
  throw new ArchiveError(
    'BACKUP_DIGEST_MISMATCH',
    `${String(damaged)} ${damaged === 1 ? 'file does' : 'files do'} not match the digest the device wrote for ${damaged === 1 ? 'it' : 'them'}: the copy on this computer is damaged. Nothing was recorded.`,
    {
      details: { damaged },
      hint: 'Let the device make the backup again; `--accept-incomplete` keeps it as it is, marked incomplete.',
    },
  );
}
