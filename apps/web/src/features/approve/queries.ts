import { answered, api } from '../../lib/api.js';
import type { DeviceCodeLook, Scope } from '../../lib/contract.js';

/** Who asks, by the code that a terminal shows. */
export async function lookAtCode(userCode: string): Promise<DeviceCodeLook> {
  return answered(api.POST('/api/v1/device-codes/look', { body: { userCode } }));
}

export interface Decision {
  readonly userCode: string;
  readonly approve: boolean;
  readonly scope?: Scope;
  readonly householdId?: string;
}

export async function decide(decision: Decision): Promise<void> {
  await api.POST('/api/v1/device-codes/decide', { body: decision });
}
