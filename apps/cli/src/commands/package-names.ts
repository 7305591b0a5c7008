import type { Schemas } from '@rootcellar/client';
import { idIn } from './names.js';

/** @throws ArchiveError INPUT_INVALID */
export function artifactIdIn(which: string): string {
  return idIn(which, {
    message: 'A package is named by its id.',
    hint: '`rootcellar app versions <bundle-id>` shows the ids.',
  });
}

type Named = Pick<Schemas['JudgedPackageDto'], 'name' | 'bundleId' | 'version' | 'build'>;

/** `4.0 (400)`; the build where it says more than the version. */
export function versionOf({ version, build }: Pick<Named, 'version' | 'build'>): string {
  const shown = version ?? 'no version';
  return build === null || build === version ? shown : `${shown} (${build})`;
}

/** `Example 4.0 (400), com.example.app` */
export function titleOf(named: Named): string {
  return `${named.name} ${versionOf(named)}, ${named.bundleId}`;
}
