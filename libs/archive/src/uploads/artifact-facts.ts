import { inspectAndroidPackage } from '@rootcellar/android';
import type { AndroidPackageFacts } from '@rootcellar/android';
import { inspectPackage } from '@rootcellar/ios';
import type { PackageFacts } from '@rootcellar/ios';
import type { RandomAccessReader } from '@rootcellar/zip';

/** What a package of either platform says about itself. Packages that were kept before there were two have no `platform`: they are for iOS. */
export type ArtifactFacts =
  (PackageFacts & { readonly platform?: undefined }) | AndroidPackageFacts;

/**
 * Looks into a file, whatever it is called: what it holds says for which platform it is.
 * @throws ArchiveError PACKAGE_…; and whatever the reader throws
 */
export async function readPackageFacts(
  reader: RandomAccessReader,
  file: { readonly size: number },
): Promise<ArtifactFacts> {
  return (await inspectAndroidPackage(reader, file)) ?? (await inspectPackage(reader, file));
}

/** What of it goes into the root manifest; docs/format.md. */
export function manifestFacts(facts: ArtifactFacts): Readonly<Record<string, unknown>> {
  const { bundleId, name, version, build, externalVersionId } = facts;
  const common = { bundleId, name, version, build, externalVersionId };
  if (facts.platform === 'android') {
    const { platform, minSdk, split, signing } = facts;
    return { ...common, platform, minSdk, split, certificates: signing.certificates };
  }
  const { minimumOs, deviceFamilies, architectures } = facts;
  return { ...common, minimumOs, deviceFamilies, architectures };
}
