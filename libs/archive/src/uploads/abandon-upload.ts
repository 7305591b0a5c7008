import type { UploadId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import type { UploadCatalog } from '../ports/upload-catalog.js';
import { ownUpload } from './own-upload.js';

/** Gives an upload up. What it stored is let go and collected later unless something else needs it. Idempotent. */
export class AbandonUpload {
  readonly #uploads: UploadCatalog;

  constructor(uploads: UploadCatalog) {
    this.#uploads = uploads;
  }

  /** @throws ArchiveError NOT_FOUND */
  async execute(actor: Actor, uploadId: UploadId): Promise<void> {
    const upload = await ownUpload(this.#uploads, actor, uploadId);
    if (upload.state === 'open') await this.#uploads.abandon(uploadId);
  }
}
