import { describe, expect, it } from '@jest/globals';
import { DEVICE_LINKS, openDeviceLink } from './open-device-link.js';
import { FakeDeviceLink } from './testing/fake-device-link.js';

describe('openDeviceLink', () => {
  const links = new Map([['fake', () => new FakeDeviceLink()]]);

  it('says plainly that this build has none, and what to do instead', () => {
    expect(() => openDeviceLink(DEVICE_LINKS)).toThrow(
      expect.objectContaining({
        code: 'DEVICE_UNSUPPORTED',
        hint: expect.stringContaining('rollback kit'),
      }),
    );
  });

  it('opens the first, or the one that is named', () => {
    expect(openDeviceLink(links).name).toBe('fake');
    expect(openDeviceLink(links, 'fake').name).toBe('fake');
  });

  it('names what there is', () => {
    expect(() => openDeviceLink(links, 'other')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', hint: 'There is: fake' }),
    );
  });
});
