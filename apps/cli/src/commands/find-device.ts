import type { Schemas } from '@rootcellar/client';
import type { Context, Patience } from '../context.js';
import { nameIn } from './names.js';

/** By id, UDID or name. @throws ArchiveError NOT_FOUND */
export async function findDevice(
  context: Context,
  which: string,
  work: Patience = 'short',
): Promise<Schemas['DeviceDto']> {
  const device = nameIn(which, '`rootcellar device list` shows yours.');
  const service = await context.signedIn(work);
  return service.call(async (api, signal) =>
    api.GET('/api/v1/devices/{device}', { params: { path: { device } }, signal }),
  );
}
