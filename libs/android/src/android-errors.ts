import { ArchiveError } from '@rootcellar/model';

/** @param why half a sentence; never text out of the package */
export function manifestDamaged(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    'PACKAGE_MANIFEST_DAMAGED',
    `The package’s AndroidManifest.xml ${why}. No device could install it; nothing was kept of it.`,
    { cause, hint: 'Download or export the app again.' },
  );
}
