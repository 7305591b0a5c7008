import { newId, readableText } from '@rootcellar/model';
import type { ArtifactId, Clock, UploadId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import type { Declared, Upload, UploadCatalog } from '../ports/upload-catalog.js';
import type { QuotaGate } from '../quotas/quota-gate.js';
import type { QuotaState } from '../quotas/quota-state.js';
import type { Vaults } from '../ports/vaults.js';
import { deviceToPush } from './device-to-push.js';

export interface OpenUploadParts {
  readonly uploads: UploadCatalog;
  readonly vaults: Vaults;
  readonly clock: Clock;
  readonly quotas: QuotaGate;
}

export type OpenedUpload =
  | {
      readonly status: 'open';
      readonly upload: Upload;
      readonly resumed: boolean;
      /** 32 bytes for the chunker. */
      readonly gearSeed: Uint8Array;
      /** The quota that is fuller, of those that concern the member. */
      readonly quota: QuotaState | undefined;
    }
  | { readonly status: 'already-kept'; readonly artifactId: ArtifactId };

/** Opens an upload, or goes on with the one a crash left open. Refuses before a byte moves. */
export class OpenUpload {
  readonly #parts: OpenUploadParts;

  constructor(parts: OpenUploadParts) {
    this.#parts = parts;
  }

  /**
   * @param wish.logicalBytes bytes of all files of the backup, for quotas
   * @throws ArchiveError FORBIDDEN when the device is not the member's to push for, NOT_FOUND (no such owner), QUOTA_EXCEEDED
   */
  async execute(
    actor: Actor,
    declared: Declared,
    wish: {
      readonly resume?: UploadId | undefined;
      readonly logicalBytes?: number | undefined;
    } = {},
  ): Promise<OpenedUpload> {
    const { uploads, vaults, clock } = this.#parts;
    const { resume, logicalBytes } = wish;
    if (declared.kind === 'artifact') {
      const artifactId = await uploads.findArtifact(actor, declared);
      if (artifactId !== undefined) return { status: 'already-kept', artifactId };
    } else {
      await deviceToPush(uploads, actor, declared);
    }
    const vault = await vaults.open(actor.householdId);
    const left = resume === undefined ? undefined : await this.#resumable(actor, declared, resume);
    const upload =
      left ??
      (await uploads.open({
        id: newId<UploadId>(clock),
        householdId: actor.householdId,
        memberId: actor.memberId,
        declared: readable(declared),
      }));
    const quota = await this.#reserve(upload, left !== undefined, logicalBytes);
    return { status: 'open', upload, resumed: left !== undefined, gearSeed: vault.gearSeed, quota };
  }

  async #reserve(
    upload: Upload,
    resumed: boolean,
    logicalBytes: number | undefined,
  ): Promise<QuotaState | undefined> {
    const { quotas, uploads } = this.#parts;
    const expected = await quotas.expectedGrowth(upload.householdId, upload.declared, logicalBytes);
    try {
      return await quotas.reserve(upload, Math.max(expected, upload.storedBytes));
    } catch (error) {
      // What does not begin holds nothing. One that goes on keeps what it sent.
      if (!resumed) await uploads.abandon(upload.id);
      throw error;
    }
  }

  async #resumable(actor: Actor, declared: Declared, id: UploadId): Promise<Upload | undefined> {
    const upload = await this.#parts.uploads.find(id);
    const fits =
      upload?.state === 'open' &&
      upload.memberId === actor.memberId &&
      upload.householdId === actor.householdId &&
      sameThing(upload.declared, declared);
    return fits ? upload : undefined;
  }
}

function sameThing(a: Declared, b: Declared): boolean {
  if (a.kind === 'snapshot')
    return b.kind === 'snapshot' && a.udid === b.udid && a.owner === b.owner;
  return b.kind === 'artifact' && a.sha256 === b.sha256 && a.private === b.private;
}

function readable(declared: Declared): Declared {
  return declared.kind === 'snapshot'
    ? { ...declared, deviceName: readableText(declared.deviceName, 200, 'device') }
    : { ...declared, fileName: readableText(declared.fileName, 255, 'package.ipa') };
}
