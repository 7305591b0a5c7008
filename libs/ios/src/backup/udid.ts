/** Devices up to the iPhone X have 40 hex digits; later ones the chip id and 16 more. */
export type UdidForm = 'long' | 'short';

/** The identity of a device in its one spelling: safe as the name of a folder. */
export interface Udid {
  readonly udid: string;
  readonly form: UdidForm;
}

const LONG = /^[0-9a-f]{40}$/i;
const SHORT = /^[0-9a-f]{8}-[0-9a-f]{16}$/i;
/** What Finder and iMazing append to the folder of a backup they archive. */
const ARCHIVED = /-\d{8}-\d{6}$/;

/** `undefined` when the text is no UDID. 40 digits become lower case, `XXXXXXXX-XXXXXXXXXXXXXXXX` upper case. */
export function parseUdid(text: string): Udid | undefined {
  const udid = text.trim();
  if (LONG.test(udid)) return { udid: udid.toLowerCase(), form: 'long' };
  if (SHORT.test(udid)) return { udid: udid.toUpperCase(), form: 'short' };
  return undefined;
}

/** The UDID a backup's folder is named by, also when it was archived as `<UDID>-YYYYMMDD-HHMMSS`. */
export function udidOfFolder(folderName: string): Udid | undefined {
  return parseUdid(folderName.replace(ARCHIVED, ''));
}
