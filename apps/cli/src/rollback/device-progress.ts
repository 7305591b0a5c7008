import type { DeviceProgress } from '@rootcellar/device-link';
import type { Output } from '../terminal/output.js';

/** Shows how far a device is, and says once what it waits for. */
export function showDeviceProgress(
  output: Output,
  { verb, deviceName }: { readonly verb: string; readonly deviceName: string },
): (progress: DeviceProgress) => void {
  let waiting: DeviceProgress['waitingFor'];
  let shown = -1;
  return ({ percent, waitingFor }) => {
    if (waitingFor !== undefined && waitingFor !== waiting)
      output.alert(WAITS[waitingFor](deviceName));
    waiting = waitingFor;
    const step = percent === undefined ? undefined : Math.floor(percent);
    // Where nobody watches, a line for every quarter is enough.
    if (step === undefined || step === shown || (!output.watched && step % 25 !== 0)) return;
    shown = step;
    output.status(`${verb} ${String(step)} %`);
  };
}

const WAITS = {
  passcode: (name: string) => `Enter the passcode on ${name}: it asks for it now.`,
  trust: (name: string) => `Tap “Trust” on ${name} and enter its passcode.`,
} as const;
