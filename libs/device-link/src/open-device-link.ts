import { ArchiveError } from '@rootcellar/model';
import type { DeviceLink } from './device-link.js';

/** Makes an adapter; nothing is started before a method is called. */
export type DeviceLinkFactory = () => DeviceLink;

/** Adapters by name. The real one (libimobiledevice's tools) is entered here when it exists. */
export const DEVICE_LINKS: ReadonlyMap<string, DeviceLinkFactory> = new Map();

/**
 * The adapter of this name; the first there is when none is named.
 *
 * @throws ArchiveError DEVICE_UNSUPPORTED when this build has none, INPUT_INVALID when it has others
 */
export function openDeviceLink(
  links: ReadonlyMap<string, DeviceLinkFactory>,
  name?: string,
): DeviceLink {
  const factory = name === undefined ? [...links.values()][0] : links.get(name);
  if (factory !== undefined) return factory();
  if (links.size === 0) {
    throw new ArchiveError(
      'DEVICE_UNSUPPORTED',
      'This build cannot talk to devices yet. Nothing was changed.',
      {
        hint: '`rootcellar rollback kit <plan-id> --to DIR` writes the package, the data and the steps to do by hand.',
      },
    );
  }
  throw new ArchiveError('INPUT_INVALID', 'There is no such way to talk to devices.', {
    hint: `There is: ${[...links.keys()].join(', ')}`,
  });
}
