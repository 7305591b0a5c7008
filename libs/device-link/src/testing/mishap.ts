import type { DeviceErrorCode } from '../device-error.js';

export type DeviceCall = 'devices' | 'info' | 'apps' | 'install' | 'backUp' | 'restore';

/** Something that goes another way than it should, the next time a call is made; each happens once. */
export type Mishap = { readonly on: DeviceCall } &
  /** Refused: at the start, or halfway, when a backup is a folder that is no backup and data are put back in part. */
  (
    | { readonly does: 'fails'; readonly with: DeviceErrorCode; readonly halfway?: boolean }
    /** Says that all went well, and did nothing. */
    | { readonly does: 'lies' }
    /** Somebody pulls the cable halfway; until `plug` the device is not connected. */
    | { readonly does: 'unplugged' }
    /** The device asks for its passcode, gets it and goes on. */
    | { readonly does: 'asks-passcode' }
    /** Never ends until it is aborted. */
    | { readonly does: 'hangs' }
  );
