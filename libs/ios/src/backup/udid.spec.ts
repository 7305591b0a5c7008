import { describe, expect, it } from '@jest/globals';
import { parseUdid, udidOfFolder } from './udid.js';

const LONG = '0123456789abcdef0123456789abcdef01234567';
const SHORT = '00008101-000A1B2C3D4E5F60';

describe('a UDID', () => {
  it('has one spelling in each of its forms', () => {
    expect(parseUdid(LONG.toUpperCase())).toEqual({ udid: LONG, form: 'long' });
    expect(parseUdid(` ${SHORT.toLowerCase()}\n`)).toEqual({ udid: SHORT, form: 'short' });
  });

  it.each([
    '',
    LONG.slice(1),
    `${LONG}0`,
    `${SHORT}0`,
    SHORT.replace('-', ''),
    SHORT.replace('-', '/'),
    '../../../../../../../../../etc/passwd000',
    `${LONG.slice(0, 39)}g`,
    `${LONG}\n..`,
  ])('is not %j', (text) => {
    expect(parseUdid(text)).toBeUndefined();
  });

  it.each([
    [SHORT, SHORT],
    [`${SHORT}-20240601-120000`, SHORT],
    [`${LONG}-20161231-235959`, LONG],
  ])('is what the folder %s is named by', (folder, udid) => {
    expect(udidOfFolder(folder)?.udid).toBe(udid);
  });

  it.each(['Backup', `${SHORT}-old`, `${SHORT}-20240601`, `copy of ${SHORT}`])(
    'is not what the folder %s is named by',
    (folder) => {
      expect(udidOfFolder(folder)).toBeUndefined();
    },
  );
});
