import { call } from '../../lib/call.js';
import type { DeviceCodeLook, Scope } from '../../lib/contract.js';

/** Who asks, by the code that a terminal shows. */
export async function lookAtCode(userCode: string): Promise<DeviceCodeLook> {
  return call('POST', '/api/v1/device-codes/look', { userCode });
}

export interface Decision {
  readonly userCode: string;
  readonly approve: boolean;
  readonly scope?: Scope;
  readonly householdId?: string;
}

export async function decide(decision: Decision): Promise<void> {
  await call('POST', '/api/v1/device-codes/decide', decision);
}
